import { Failure, UsageError } from "../../failure";
import { findingsText, modelled, unmodelledText } from "../../proof/prove";
import { type ManualCheck, manualChecks } from "../../proof/walkthrough/manual-checks";
import { walkThrough, type WalkedSection } from "../../proof/walkthrough/walkthrough";
import { command, run } from "../frame/command";
import { json } from "../frame/options";
import { table } from "../frame/table";
import { fileAndLine } from "../proving/lines";
import { subjectOf } from "../proving/subject";

interface WalkthroughOptions {
  readonly stacks?: string;
  readonly stamp?: string;
  readonly checks?: boolean;
  readonly json?: boolean;
}

run(
  command({
    name: "npm run walkthrough --",
    description:
      "Goes through the design document's walk-throughs, step by step under its own numbers, with what shows each step in the synthesized stacks. Exit code 1: a step does not hold.",
    examples: [
      ["npm run walkthrough", "on cdktf.out (npm run synth makes it)"],
      ["npm run walkthrough -- --checks", "each check: what, from where, expected, found"],
    ],
  })
    .option("--stacks <folder>", "the folder that was synthesized to (default: CDKTF_OUTDIR, else cdktf.out)")
    .option("--stamp <name>", "the stamp, where there are several; none: the first")
    .option(
      "--checks",
      "print the checks that were made by hand for the design document's own deployment, and nothing else",
    )
    .option("--json", "print the steps or the checks as JSON, and nothing else")
    .action((options: WalkthroughOptions) => {
      walk(options);
    }),
);

function walk({ stamp: name, checks, json: asJson, ...options }: WalkthroughOptions): void {
  const { stacks, declared } = subjectOf(options);
  const { topology } = declared;
  if (!topology) throw new Failure("There is no topology beside the stacks: synthesize again, npm run synth.");
  const stamp = topology.stamps.find((each) => name === undefined || each.name === name);
  if (!stamp)
    throw new UsageError(
      `--stamp ${name ?? ""}: the stamps are ${topology.stamps.map((each) => each.name ?? "(without a name)").join(", ")}.`,
    );
  const { reach, findings, unmodelled } = modelled(stacks);
  if (!reach) throw new UsageError(findingsText(findings));
  if (unmodelled.length > 0) throw new UsageError(unmodelledText(unmodelled));
  if (checks) {
    const made = manualChecks(stamp, reach);
    process.stdout.write(asJson ? json(made) : checksText(made));
    if (made.some(({ expected, found }) => expected !== found)) process.exitCode = 1;
    return;
  }
  const sections = walkThrough(stacks, topology, stamp, reach);
  process.stdout.write(asJson ? json(sections) : textOf(sections));
  if (sections.some(({ steps }) => steps.some(({ holds }) => !holds))) process.exitCode = 1;
}

function checksText(checks: readonly ManualCheck[]): string {
  const yes = (reached: boolean) => (reached ? "yes" : "no");
  const rows = checks.map(({ what, from, expected, found }, index) => [
    index + 1,
    what,
    from,
    yes(expected),
    `${yes(found)}${expected === found ? "" : " ✖"}`,
  ]);
  return `${table(["#", "what", "from", "expected", "found"], rows)}\n`;
}

function textOf(sections: readonly WalkedSection[]): string {
  return sections
    .map(({ title, absent, steps }) => {
      if (absent !== undefined) return `${title}\n  Not in this topology: ${absent}.\n`;
      const lines = steps.flatMap(({ number, says, holds, evidence }) => [
        `  ${number}. ${holds ? "✔" : "✖"} ${says}`,
        ...evidence.map(
          (each) =>
            `       ${each.holds ? "" : "does not hold: "}${each.what}${each.origin ? `  ${fileAndLine(each.origin)}` : ""}`,
        ),
      ]);
      return [title, ...lines, ""].join("\n");
    })
    .join("\n");
}
