import type { z } from "zod";
import type { Draft } from "./draft";
import { saidBy } from "./fields";
import { type Mistake, pathOf, shown, TopologyError } from "./mistake";
import { RULES } from "./rules";
import { type Topology, type TopologyInput, topologySchema } from "./schema";

/**
 * Checks a topology as a whole and fills in its defaults.
 *
 * @param source names the topology in the report
 * @throws TopologyError with every mistake, of single fields and of the rules over several
 */
export function validate(input: TopologyInput, source = "the topology"): Topology {
  const result = topologySchema.safeParse(input, { error: plainly });
  const issues = result.error?.issues ?? [];
  const draft = withoutBroken(input, issues);
  const mistakes = [...issues.flatMap((issue) => mistakesOf(issue, input)), ...RULES.flatMap((rule) => rule(draft))];
  if (mistakes.length > 0 || !result.success) throw new TopologyError(mistakes, source);
  return result.data;
}

/** What is left when each value that broke its own field's rule is taken out: the rules see only sound values. */
function withoutBroken(input: unknown, issues: readonly z.core.$ZodIssue[]): Draft<Topology> {
  const copy: unknown = plainCopy(input);
  if (typeof copy !== "object" || copy === null) return {};
  for (const issue of issues) {
    // An unknown key breaks nothing but itself, and no rule reads it.
    if (issue.code === "unrecognized_keys") continue;
    const last = issue.path.at(-1);
    if (last === undefined) return {};
    const parent = valueAt(copy, issue.path.slice(0, -1));
    if (isKeyed(parent)) parent[last] = undefined;
  }
  return copy;
}

function plainCopy(input: unknown): unknown {
  return input === undefined ? undefined : (JSON.parse(JSON.stringify(input)) as unknown);
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
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key]),
      got: "an unknown key",
      expected: "one of the keys in topology.schema.json",
      fix: "correct its spelling, or remove it",
    }));
  }
  const { expected, fix } = saidBy(issue.message);
  const got = valueAt(input, issue.path);
  return [
    {
      path: pathOf(issue.path),
      got: shown(got),
      expected,
      fix: got === undefined ? "add it" : (fix ?? "change the value"),
    },
  ];
}
