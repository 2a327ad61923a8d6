import { packagesOf } from "../../packaging/synthesized-packages";
import { modelFrom } from "../../proof/network/from-stacks";
import { Reach } from "../../proof/reach/reach";
import { differenceBetween } from "../../proof/report/difference";
import { resourcesOf, type SynthesizedStack } from "../../synthesized/cdktf-out";

/** By this the comment is found again. */
export const MARKER = "<!-- locked-down-producer-consumer: what this pull request changes -->";

/**
 * What a pull request changes, in Markdown: stacks and resources, network rules, packages, and what Terraform plans where it could be asked.
 *
 * @param before the stacks of the target branch; empty where there are none
 * @param plans what `terraform plan` said, by stack
 */
export function commentOn(
  before: readonly SynthesizedStack[],
  after: readonly SynthesizedStack[],
  plans: ReadonlyMap<string, string> = new Map(),
): string {
  return [
    MARKER,
    "## What this changes",
    "",
    ...stackTable(before, after, plans),
    "",
    ...section("Who reaches whom, under which name, with which right", reachability(before, after)),
    ...section("Packages", changed(packageLines(before), packageLines(after))),
    "",
  ].join("\n");
}

function stackTable(
  before: readonly SynthesizedStack[],
  after: readonly SynthesizedStack[],
  plans: ReadonlyMap<string, string>,
): string[] {
  const names = [...new Set([...after, ...before].map(({ name }) => name))];
  const rows = names.map((name) => {
    const [old, now] = [before, after].map((stacks) => blocksOf(stacks.find((stack) => stack.name === name)));
    const counts = differences(old ?? new Map(), now ?? new Map());
    const said =
      counts.added + counts.changed + counts.removed === 0
        ? "none"
        : `+${counts.added} ~${counts.changed} -${counts.removed}`;
    return `| ${name} | ${now?.size ?? 0} | ${said} | ${plans.get(name) ?? "not asked"} |`;
  });
  return ["| stack | resources | changes to the stack | terraform plan |", "| --- | --: | --- | --- |", ...rows];
}

function blocksOf(stack: SynthesizedStack | undefined): Map<string, string> {
  const resources = stack ? resourcesOf(stack) : [];
  return new Map(
    resources.map(({ type, id, block }) => [`${type}.${id}`, JSON.stringify({ ...block, "//": undefined })]),
  );
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  const keys = [...after.keys()];
  return {
    added: keys.filter((key) => !before.has(key)).length,
    changed: keys.filter((key) => before.has(key) && before.get(key) !== after.get(key)).length,
    removed: [...before.keys()].filter((key) => !after.has(key)).length,
  };
}

/** Rules that change nothing of it are not listed. @returns one line where it cannot be computed */
function reachability(before: readonly SynthesizedStack[], after: readonly SynthesizedStack[]): string[] {
  try {
    const [old, now] = [before, after].map((stacks) =>
      stacks.length === 0 ? undefined : new Reach(modelFrom(stacks)),
    );
    const { added, removed } = differenceBetween(old, now);
    return [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  } catch (error) {
    return [`! it cannot be computed: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function packageLines(stacks: readonly SynthesizedStack[]): string[] {
  return packagesOf(stacks)
    .map(({ stack, name, size, hash }) => `${stack}: ${name} ${size} bytes, sha256 ${hash.slice(0, 12)}`)
    .sort();
}

/** As a diff shows it. */
function changed(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [`**${title}**: no change`, ""];
  return [`**${title}**`, "", "```diff", ...lines, "```", ""];
}
