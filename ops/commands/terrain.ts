import { join } from "node:path";
import { Listr } from "listr2";
import { FUNCTIONS_NODE } from "../../azure-facts/functions-node";
import { Failure, MissingRequirement } from "../../failure";
import { synthesize } from "../../synthesize";
import { readCdktfOut, type SynthesizedStack } from "../../synthesized/cdktf-out";
import { command, run } from "../frame/command";
import { temporaryFolder } from "../frame/ending";
import { azurermOf } from "../terraform";
import { type Comparison, compared } from "../terrain/differences";
import { nodeVersionsOf } from "../terrain/node-versions";
import { validStacks } from "../terrain/valid-stacks";
import { copyRenamed, install, runIn, TERRAIN } from "../terrain/renamed-copy";

run(
  command({
    name: "npm run terrain --",
    description:
      "Synthesizes a temporary copy of the project with CDK Terrain, which continues cdktf, and prints what differs; with Terraform, also whether its azurerm takes the stacks, and which Node for the functions. Exit code 1: more than versions differ; 3: npm's registry is not reached.",
    examples: [
      ["npm run terrain", "topology.ts"],
      ["TOPOLOGY=docs/examples/single-region.json npm run terrain", "another topology"],
    ],
  }).action(terrain),
);

async function terrain(): Promise<void> {
  const folder = temporaryFolder("locked-down-terrain");
  const copy = join(folder, "copy");
  let before: readonly SynthesizedStack[] = [];
  let after: readonly SynthesizedStack[] = [];
  let provider = "";
  await new Listr([
    {
      title: "Synthesize with cdktf",
      task: () => {
        before = synthesize({ outdir: join(folder, "cdktf.out") }).stacks;
      },
    },
    {
      title: "Copy the project and rename its imports",
      task: (_context, task) => {
        task.title = `${copyRenamed(copy)} files import CDK Terrain in a copy of the project`;
      },
    },
    {
      title: `Install ${Object.entries(TERRAIN)
        .map(([name, version]) => `${name} ${version}`)
        .join(" and ")}`,
      task: () => {
        install(copy);
      },
    },
    {
      title: "Check the types",
      task: () => {
        runIn(copy, "npx", ["tsc", "--noEmit"], {});
      },
    },
    {
      title: "Synthesize with CDK Terrain",
      task: () => {
        const outdir = join(folder, "cdktn.out");
        runIn(copy, "node", ["ops/run.cjs", "synth"], { CDKTF_OUTDIR: outdir });
        after = readCdktfOut(outdir);
      },
    },
    {
      title: "Validate with its azurerm",
      task: async () => {
        provider = await azurermText(after);
      },
    },
  ]).run();
  const comparison = compared(before, after);
  process.stdout.write(`\n${textOf(after, comparison)}\n${provider}\n`);
  if (comparison.others.length > 0) throw new Failure("The stacks differ in more than versions.");
}

/** What the move of azurerm's version brings: whether it takes the stacks, and a newer Node for the functions. */
async function azurermText(stacks: readonly SynthesizedStack[]): Promise<string> {
  const withAzurerm = stacks.find(({ json }) => json.provider?.azurerm !== undefined);
  if (!withAzurerm) return "No stack has azurerm.";
  const azurerm = azurermOf(withAzurerm);
  try {
    const versions = await nodeVersionsOf(azurerm, temporaryFolder("locked-down-node-versions"));
    await validStacks(stacks, temporaryFolder("locked-down-providers"));
    return `azurerm ${azurerm} takes each stack, and Node ${versions.join(", ")} for Windows function apps; the functions run on ${FUNCTIONS_NODE}.`;
  } catch (error) {
    // The comparison, which this command is for, needs no Terraform.
    if (!(error instanceof MissingRequirement)) throw error;
    return `What azurerm ${azurerm} takes is not known here. ${error.message}`;
  }
}

function textOf(stacks: readonly SynthesizedStack[], { resources, versions, others }: Comparison): string {
  return [
    `${stacks.length} stacks with ${resources} resources. Versions that differ:`,
    "",
    ...versions.map((line) => `  ${line}`),
    "",
    ...(others.length === 0
      ? ["Nothing else differs."]
      : ["What else differs:", "", ...others.map((line) => `  ${line}`)]),
    "",
  ].join("\n");
}
