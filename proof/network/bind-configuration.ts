import { Intervals } from "../packets/intervals";
import { addressesOf } from "../packets/addresses";

/** What of a `named.conf` decides who gets which answer. */
export interface BindConfiguration {
  /** Who may ask. */
  readonly clients: Intervals;
  /** The addresses that it listens on. */
  readonly listensOn: Intervals;
  /** Whom it asks for everything else. */
  readonly forwarders: readonly string[];
  readonly validatesDnssec: boolean;
  /** The zones that it asks other servers for, by name. */
  readonly forwardedZones: ReadonlyMap<string, readonly string[]>;
  /** Hosts, and `*.zone` for every name under a zone. @default every name is answered */
  readonly listed?: readonly string[];
}

/**
 * Reads the configuration that a run command delivers, from its script.
 *
 * @returns nothing where the script delivers none
 * @throws Error where the configuration has no end, or lacks what decides
 */
export function bindConfigurationIn(script: string): BindConfiguration | undefined {
  const text = heredoc(script, "NAMED_CONF");
  if (text === undefined) return undefined;
  const statements = statementsOf(text);
  const options = statements.find(({ words: [keyword] }) => keyword === "options")?.inner ?? [];
  const lists = new Map(
    statements
      .filter(({ words: [keyword] }) => keyword === "acl")
      .map(({ words: [, name = ""], inner = [] }) => [unquoted(name), inner.map(({ words: [member = ""] }) => member)]),
  );
  refuseUnread(statements, options, script);
  const allowed = ["allow-query", "allow-query-cache", "allow-recursion"].map((name) =>
    membersOf(optionIn(options, name) ?? ["any"], lists),
  );
  const isRecursive = wordIn(options, "recursion") !== "no";
  const listed = listedBy(options, script);
  return {
    clients: isRecursive ? allowed.reduce((both, each) => both.and(each)) : Intervals.none,
    listensOn: membersOf(optionIn(options, "listen-on") ?? ["any"], lists),
    forwarders: optionIn(options, "forwarders") ?? [],
    validatesDnssec: (wordIn(options, "dnssec-validation") ?? "auto") !== "no",
    forwardedZones: new Map(
      statements
        .filter(({ words: [keyword], inner = [] }) => keyword === "zone" && wordIn(inner, "type") === "forward")
        .map(({ words: [, name = ""], inner = [] }) => [
          unquoted(name).toLowerCase(),
          optionIn(inner, "forwarders") ?? [],
        ]),
    ),
    ...(listed ? { listed } : {}),
  };
}

/** Options that are read above, and those that change no answer. */
const READ = new Set([
  ...["allow-query", "allow-query-cache", "allow-recursion", "recursion", "listen-on", "forward", "forwarders"],
  ...["dnssec-validation", "response-policy", "directory", "listen-on-v6", "allow-transfer", "empty-zones-enable"],
  ...["max-cache-ttl", "max-ncache-ttl", "minimal-responses", "version", "querylog", "pid-file"],
]);

/** @throws Error for an option or a zone that may decide an answer, and is not read */
function refuseUnread(statements: readonly Statement[], options: readonly Statement[], script: string): void {
  const policies = policyZones(options);
  const unread = [
    ...statements
      .filter(({ words: [keyword = ""] }) => !["acl", "options", "logging", "zone"].includes(keyword))
      .map(({ words }) => words.join(" ")),
    ...options.filter(({ words: [keyword = ""] }) => !READ.has(keyword)).map(({ words: [keyword = ""] }) => keyword),
    ...statements
      .filter(({ words: [keyword], inner = [] }) => keyword === "zone" && wordIn(inner, "type") !== "forward")
      .map(({ words: [, name = ""] }) => unquoted(name))
      .filter((name) => !policies.includes(name))
      .map((name) => `zone ${name}`),
    ...(wordIn(options, "forward") === "first" ? ["forward first"] : []),
    ...options.filter(hasMoreWords).map(({ words }) => words.join(" ")),
    ...statements
      .filter(({ words: [keyword] }) => keyword === "zone")
      .flatMap(({ inner = [] }) => inner.filter(hasMoreWords).map(({ words }) => words.join(" "))),
    ...membersWithMore([...options, ...statements.flatMap(({ inner = [] }) => inner)]),
    ...unloaded(statements, policies, script),
  ];
  if (unread.length > 0) throw new Error(`named.conf has what is not modelled: ${unread.join(", ")}.`);
}

/** Options whose further words are read, or change no answer. */
const WITH_WORDS = ["response-policy", "max-cache-ttl", "max-ncache-ttl"];

/** A port or another word beside an option's own value or list: `listen-on port 5353 { … }`, or a semicolon that is missing. */
function hasMoreWords({ words, inner }: Statement): boolean {
  const [keyword = ""] = words;
  return !WITH_WORDS.includes(keyword) && words.length > (inner ? 1 : 2);
}

/** Members of lists with more than an address: `168.63.129.16 port 5353`. */
function membersWithMore(statements: readonly Statement[]): string[] {
  return statements
    .filter(({ words: [keyword] }) => keyword === "forwarders" || keyword === "listen-on")
    .flatMap(({ inner = [] }) => inner.filter(({ words }) => words.length > 1).map(({ words }) => words.join(" ")));
}

/** Policy zones whose file is not the one that the script delivers. */
function unloaded(statements: readonly Statement[], policies: readonly string[], script: string): string[] {
  const [, delivered] = /^zone=(\S+)$/m.exec(script) ?? [];
  return statements
    .filter(({ words: [keyword, name = ""] }) => keyword === "zone" && policies.includes(unquoted(name)))
    .map(({ inner = [] }) => unquoted(wordIn(inner, "file") ?? ""))
    .filter((file) => delivered !== undefined && file !== delivered)
    .map((file) => `file ${file || "that is missing"} of the response policy`);
}

function policyZones(options: readonly Statement[]): string[] {
  const policy = options.find(({ words: [keyword] }) => keyword === "response-policy");
  return policy?.inner?.map(({ words: [, name = ""] }) => unquoted(name)) ?? [];
}

/**
 * What the response policy lets through, where it refuses everything else before BIND asks for it, with or without DNSSEC records.
 *
 * @returns nothing where some other name is answered, too
 */
function listedBy(options: readonly Statement[], script: string): string[] | undefined {
  const policy = options.find(({ words: [keyword] }) => keyword === "response-policy");
  if (!policy) return undefined;
  const further = policy.words.slice(1).join(" ");
  const overrides = policy.inner?.some(({ words }) => words.length > 2) ?? true;
  if (overrides || !further.includes("qname-wait-recurse no") || !further.includes("break-dnssec yes"))
    return undefined;
  return listedIn(heredoc(script, "LISTED_ZONE") ?? "");
}

/** A statement of BIND's grammar: words, and what is in its braces. */
interface Statement {
  readonly words: readonly string[];
  readonly inner?: readonly Statement[];
}

function statementsOf(text: string): Statement[] {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, " ").replace(/(#|\/\/).*$/gm, " ");
  const tokens = plain.match(/"[^"]*"|[{};]|[^\s{};]+/g) ?? [];
  let at = 0;
  const block = (isInner: boolean): Statement[] => {
    const statements: Statement[] = [];
    let words: string[] = [];
    let inner: Statement[] | undefined;
    for (; at < tokens.length; at += 1) {
      const token = tokens[at] ?? "";
      if (token === "{") {
        at += 1;
        inner = block(true);
      } else if (token === ";") {
        if (words.length > 0 || inner) statements.push({ words, ...(inner ? { inner } : {}) });
        [words, inner] = [[], undefined];
      } else if (token === "}") {
        if (!isInner) throw new Error("named.conf closes a brace that it does not open.");
        return statements;
      } else words.push(token);
    }
    if (isInner || words.length > 0) throw new Error("named.conf ends within a statement.");
    return statements;
  };
  return block(false);
}

function wordIn(options: readonly Statement[], name: string): string | undefined {
  return options.find(({ words: [keyword] }) => keyword === name)?.words[1];
}

function optionIn(options: readonly Statement[], name: string): string[] | undefined {
  return options.find(({ words: [keyword] }) => keyword === name)?.inner?.map(({ words: [member = ""] }) => member);
}

function membersOf(members: readonly string[], lists: ReadonlyMap<string, readonly string[]>): Intervals {
  return Intervals.union(
    members.map((member) => {
      if (member === "any") return addressesOf("0.0.0.0/0");
      if (member === "none") return Intervals.none;
      const list = lists.get(unquoted(member));
      return list ? membersOf(list, lists) : addressesOf(member);
    }),
  );
}

const RECORD = /^(\S+)(?:\s+\d+)?(?:\s+IN)?\s+CNAME\s+(rpz-passthru\.|\.)\s*$/gim;

/** A wildcard does not reach below a name that exists, if only as the parent of another one: each parent of a listed name has to refuse, or to pass, for itself. */
function listedIn(zone: string): string[] | undefined {
  const records = new Map([...zone.matchAll(RECORD)].map(([, name = "", to = ""]) => [name.toLowerCase(), to]));
  const listed = [...records].filter(([, to]) => to !== ".").map(([name]) => name);
  const parents = listed.flatMap((name) => {
    const labels = name.split(".");
    return labels.slice(1).map((_, index) => labels.slice(index + 1).join("."));
  });
  const isClosed =
    records.get("*") === "." && parents.every((parent) => records.has(parent) && records.has(`*.${parent}`));
  return isClosed ? listed : undefined;
}

function heredoc(script: string, mark: string): string | undefined {
  return new RegExp(`<< '${mark}'\\n([\\s\\S]*?)\\n${mark}\\n`).exec(script)?.[1];
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, "$1");
}
