import { Intervals } from "../packets/intervals";
import { addressesOf } from "../packets/addresses";

/** What of a `named.conf` decides who gets which answer. */
export interface BindConfiguration {
  /** Who may ask. */
  readonly clients: Intervals;
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
  const clients = Intervals.union(
    [optionIn(options, "allow-query"), optionIn(options, "allow-recursion")]
      .map((members) => membersOf(members ?? ["any"], lists))
      .reduce<Intervals[]>((both, each) => (both.length === 0 ? [each] : [each.and(both[0] ?? each)]), []),
  );
  const listed = options.some(({ words: [keyword] }) => keyword === "response-policy")
    ? listedIn(heredoc(script, "LISTED_ZONE") ?? "")
    : undefined;
  return {
    clients,
    forwarders: optionIn(options, "forwarders") ?? [],
    validatesDnssec:
      (options.find(({ words: [keyword] }) => keyword === "dnssec-validation")?.words[1] ?? "auto") !== "no",
    forwardedZones: new Map(
      statements
        .filter(
          ({ words: [keyword], inner = [] }) =>
            keyword === "zone" && inner.some(({ words: [key, value] }) => key === "type" && value === "forward"),
        )
        .map(({ words: [, name = ""], inner = [] }) => [
          unquoted(name).toLowerCase(),
          optionIn(inner, "forwarders") ?? [],
        ]),
    ),
    ...(listed ? { listed } : {}),
  };
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

function listedIn(zone: string): string[] {
  return [...zone.matchAll(/^(\S+) CNAME rpz-passthru\.$/gm)].map(([, name = ""]) => name.toLowerCase());
}

function heredoc(script: string, mark: string): string | undefined {
  return new RegExp(`<< '${mark}'\\n([\\s\\S]*?)\\n${mark}\\n`).exec(script)?.[1];
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, "$1");
}
