import { resolve } from "node:path";
import { Failure, MissingRequirement } from "../../failure";
import { readCdktfOut } from "../../synthesized/cdktf-out";
import { command, run } from "../frame/command";
import { temporaryFolder } from "../frame/ending";
import { judged } from "../scanning/accepted";
import { scanStacks } from "../scanning/checkov";
import { scanText } from "../scanning/scan-text";
import type { Scan } from "../scanning/scan";
import { scanWorkflows } from "../scanning/zizmor";
import { suppressionsIn } from "../suppressions-file";
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

function scan({ stacks: folder, suppressions }: Options): void {
  const { checks } = suppressionsIn(suppressions);
  const missing: string[] = [];
  const scans = [
    () =>
      scanStacks(folder === undefined ? synthesizeAside().stacks : readCdktfOut(folder), temporaryFolder("checkov")),
    () => scanWorkflows(ROOT, temporaryFolder("zizmor")),
  ].flatMap((scanner): Scan[] => {
    try {
      return [scanner()];
    } catch (error) {
      // What the other one finds is shown all the same.
      if (!(error instanceof MissingRequirement)) throw error;
      missing.push(error.message);
      return [];
    }
  });
  const result = judged(
    scans.flatMap(({ findings }) => findings),
    checks,
  );
  if (scans.length > 0) process.stdout.write(scanText(scans, result));
  if (result.open.length > 0) {
    throw new Failure(
      `Correct each finding, or accept it with its reason by an entry in suppressions.json: { "check": "${result.open[0]?.check ?? ""}", "on": "${result.open[0]?.on[0] ?? ""}", "reason": "…" }.`,
    );
  }
  if (missing.length > 0) throw new MissingRequirement(missing.join("\n"));
}
