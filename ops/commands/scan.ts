import { resolve } from "node:path";
import { Failure, MissingRequirement } from "../../failure";
import { command, run } from "../frame/command";
import { temporaryFolder } from "../frame/ending";
import { stacksIn } from "../proving/subject";
import { judged } from "../scanning/accepted";
import { scanStacks } from "../scanning/checkov";
import { scanText } from "../scanning/scan-text";
import type { Scan } from "../scanning/scan";
import { scanWorkflows } from "../scanning/zizmor";
import { SUPPRESSIONS, suppressionsIn } from "../suppressions-file";
import { synthesizeAside } from "../synthesize-aside";

const ROOT = resolve(__dirname, "../..");

interface Options {
  readonly stacks?: string;
  readonly suppressions?: string;
}

run(
  command({
    name: "npm run scan --",
    description:
      "Runs checkov over the synthesized stacks and zizmor over the workflows. Exit code 1: a finding is neither corrected nor suppressed with a reason; 3: a scanner is missing.",
    examples: [
      ["npm run scan", "the stacks of topology.ts, and .github"],
      ["npm run scan -- --stacks cdktf.out", "stacks that are synthesized"],
      ["TOPOLOGY=docs/examples/single-region.json npm run scan", "another topology"],
    ],
  })
    .option("--stacks <folder>", "a folder that was synthesized to (default: topology.ts is synthesized)")
    .option("--suppressions <file>", "findings that do not count, each with a reason (default: suppressions.json)")
    .action(scan),
);

async function scan({ stacks: folder, suppressions = SUPPRESSIONS }: Options): Promise<void> {
  const { checks } = suppressionsIn(suppressions === SUPPRESSIONS ? undefined : suppressions);
  const stacks = folder === undefined ? synthesizeAside().stacks : stacksIn(folder, "--stacks");
  const missing: string[] = [];
  const scans: Scan[] = [];
  for (const scanner of [
    () => scanStacks(stacks, temporaryFolder("checkov")),
    () => scanWorkflows(ROOT, temporaryFolder("zizmor")),
  ]) {
    try {
      scans.push(await scanner());
    } catch (error) {
      // What the other one finds is shown all the same.
      if (!(error instanceof MissingRequirement)) throw error;
      missing.push(error.message);
    }
  }
  const result = judged(
    scans.flatMap(({ findings }) => findings),
    checks,
  );
  if (scans.length > 0) process.stdout.write(scanText(scans, result));
  const [first] = result.open;
  if (first) {
    throw new Failure(
      [
        `Correct each finding, or accept it with its reason by an entry in ${suppressions}: { "check": "${first.check}", "on": "${first.place}", "reason": "…" }.`,
        ...missing,
      ].join("\n"),
    );
  }
  if (missing.length > 0) throw new MissingRequirement(missing.join("\n"));
}
