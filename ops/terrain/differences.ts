import { isDeepStrictEqual } from "node:util";
import { resourcesOf, type SynthesizedStack } from "../../synthesized/cdktf-out";

/** Two syntheses of the same stacks. */
export interface Comparison {
  readonly resources: number;
  /** What is another, each in a line: versions, and nothing else, where the two are as one. */
  readonly versions: readonly string[];
  readonly others: readonly string[];
}

/** What may differ: which libraries and which provider wrote it. */
const VERSIONS: ReadonlySet<string> = new Set(["terraform.required_providers.azurerm.version", "//.metadata.version"]);

/** Everything in which two syntheses differ, by its place. */
export function compared(one: readonly SynthesizedStack[], other: readonly SynthesizedStack[]): Comparison {
  const found: { place: string; text: string }[] = [];
  const names = new Set([...one, ...other].map(({ name }) => name));
  for (const name of names) {
    const [before, after] = [one, other].map((stacks) => stacks.find((stack) => stack.name === name));
    if (!before || !after) {
      found.push({ place: "", text: `${name}: only ${before ? "with cdktf" : "with CDK Terrain"}` });
      continue;
    }
    for (const { place, from, to } of differencesIn(withOrder(before), withOrder(after), "")) {
      found.push({ place, text: `${name}: ${place}: ${shortly(from)} → ${shortly(to)}` });
    }
  }
  const isVersion = ({ place }: { place: string }) => VERSIONS.has(place);
  return {
    resources: other.reduce((sum, stack) => sum + resourcesOf(stack).length, 0),
    versions: [...new Set(found.filter(isVersion).map(({ text }) => text.replace(/^[^:]+: /, "")))],
    others: found.filter((each) => !isVersion(each)).map(({ text }) => text),
  };
}

/** What is deployed, and after what. */
function withOrder({ json, dependencies }: SynthesizedStack) {
  return { ...json, dependencies };
}

function* differencesIn(
  from: unknown,
  to: unknown,
  place: string,
): Generator<{ place: string; from: unknown; to: unknown }> {
  if (isDeepStrictEqual(from, to)) return;
  if (!isObject(from) || !isObject(to) || Array.isArray(from) !== Array.isArray(to)) {
    yield { place, from, to };
    return;
  }
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    yield* differencesIn(from[key], to[key], place === "" ? key : `${place}.${key}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function shortly(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
