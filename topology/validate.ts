import type { z } from "zod";
import { withDeclaredNames } from "./declared-names";
import type { Draft } from "./draft";
import { saidBy } from "./fields";
import { type LineOf, type Mistake, pathOf, shown, TopologyError } from "./mistake";
import { nearest } from "./nearest";
import { type NoData, noDataMistake, whatIsNoData } from "./no-data";
import { RULES, WHOLE_RULES } from "./rules";
import { type Topology, type TopologyInput, topologySchema } from "./schema";
import { keysAt } from "./schema-keys";

/** What reading the file said already. */
export interface ReadSource {
  readonly mistakes: readonly Mistake[];
  readonly lineOf: LineOf;
}

/**
 * Checks a topology as a whole and fills in its defaults.
 *
 * @param source names the topology in the report
 * @throws TopologyError with every mistake, of single fields and of the rules over several
 */
export function validate(
  input: TopologyInput,
  source = "the topology",
  { mistakes: read, lineOf }: ReadSource = { mistakes: [], lineOf: () => undefined },
): Topology {
  const noData = whatIsNoData(input);
  if (noData.some(({ keys }) => keys.length === 0)) throw new TopologyError(noData.map(noDataMistake), source);
  const result = topologySchema.safeParse(input, { error: plainly });
  const issues = withoutFollowing(result.error?.issues ?? [], noData);
  const draft = withoutBroken(input, issues, noData);
  const mistakes = [
    ...read,
    ...noData.map(noDataMistake),
    ...withoutMisspelt(issues).flatMap((issue) => mistakesOf(issue, input)),
    ...RULES.flatMap((rule) => rule(draft)),
  ];
  if (mistakes.length > 0 || !result.success) throw new TopologyError(mistakes, source, lineOf);
  const late = WHOLE_RULES.flatMap((rule) => rule(result.data));
  if (late.length > 0) throw new TopologyError(late, source, lineOf);
  return withDeclaredNames(result.data);
}

/** Issues that say nothing new: of what is below a promise or a function, and of the size of what has the wrong type. */
function withoutFollowing(issues: readonly z.core.$ZodIssue[], noData: readonly NoData[]): readonly z.core.$ZodIssue[] {
  const within = new Set(noData.map(({ keys }) => pathOf(keys)));
  const wrongType = new Set(issues.filter(({ code }) => code === "invalid_type").map(({ path }) => pathOf(path)));
  return issues.filter(
    ({ code, path }) =>
      !path.some((_, index) => within.has(pathOf(path.slice(0, index + 1)))) &&
      !((code === "too_small" || code === "too_big") && wrongType.has(pathOf(path))),
  );
}

/** A key that is missing because it is misspelt is one mistake: the misspelt key's. */
function withoutMisspelt(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const meant = new Set(
    issues.flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => pathOf([...issue.path, nearest(key, keysAt(issue.path)) ?? key]))
        : [],
    ),
  );
  return issues.filter((issue) => issue.code === "unrecognized_keys" || !meant.has(pathOf(issue.path)));
}

/** What is left when each value that broke its own field's rule is taken out: the rules see only sound values. */
function withoutBroken(
  input: unknown,
  issues: readonly z.core.$ZodIssue[],
  noData: readonly NoData[],
): Draft<Topology> {
  const copy: unknown = plainCopy(input);
  if (!isKeyed(copy)) return {};
  const broken = [...noData.map(({ keys }) => keys), ...issues.flatMap(brokenBy)];
  for (const path of broken) {
    const last = path.at(-1);
    if (last === undefined) return {};
    const parent = valueAt(copy, path.slice(0, -1));
    if (isKeyed(parent)) parent[last] = undefined;
  }
  return copy;

  /** An unknown key breaks what it was meant to be. */
  function brokenBy(issue: z.core.$ZodIssue): (readonly PropertyKey[])[] {
    if (issue.code !== "unrecognized_keys") return [issue.path];
    return issue.keys.flatMap((key) => {
      const meant = nearest(key, keysAt(issue.path));
      const path = meant === undefined ? undefined : [...issue.path, meant];
      return path && valueAt(copy, path) === undefined ? [path] : [];
    });
  }
}

/** @param above the objects around it: an object that contains itself ends there */
function plainCopy(input: unknown, above: readonly unknown[] = []): unknown {
  if (typeof input !== "object" || input === null) return input;
  if (above.includes(input)) return undefined;
  const within = [...above, input];
  if (Array.isArray(input)) return input.map((item) => plainCopy(item, within));
  // What is set to undefined is not given: zod fills in its default too.
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key, plainCopy(value, within)]));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (isKeyed(at) ? at[key] : undefined), value);
}

function isKeyed(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}

const PLAIN_TYPES: ReadonlyMap<string, string> = new Map([
  ["record", "an object"],
  ["object", "an object"],
  ["array", "a list"],
  ["string", "a string"],
  ["boolean", "true or false"],
]);

/** The words for what zod finds by itself; where a field says its own, zod asks it first. */
function plainly(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return PLAIN_TYPES.get(issue.expected) ?? issue.expected;
    case "invalid_value":
      return `one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return "one of the values in topology.schema.json";
    case "too_small":
      return `${issue.minimum} or more ${issue.origin === "array" ? "items" : issue.origin === "string" ? "characters" : ""}`.trim();
    case "too_big":
      return `${issue.maximum} or fewer ${issue.origin === "array" ? "items" : issue.origin === "string" ? "characters" : ""}`.trim();
    case "invalid_format":
      return issue.format === "regex" ? `text that matches ${issue.pattern ?? "the pattern"}` : issue.format;
    default:
      return "another value";
  }
}

function mistakesOf(issue: z.core.$ZodIssue, input: unknown): Mistake[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const meant = nearest(key, keysAt(issue.path));
      return {
        path: pathOf([...issue.path, key]),
        got: "an unknown key",
        expected: "one of the keys in topology.schema.json",
        fix: meant === undefined ? "correct its spelling, or remove it" : `did you mean ${meant}?`,
      };
    });
  }
  const { expected, fix } = saidBy(issue.message);
  const got = valueAt(input, issue.path);
  const isSize = (issue.code === "too_big" || issue.code === "too_small") && issue.origin === "array";
  return [
    {
      path: pathOf(issue.path),
      got: isSize && Array.isArray(got) ? `${got.length} items` : shown(got),
      expected,
      fix: got === undefined ? "add it" : (fix ?? "change the value"),
    },
  ];
}
