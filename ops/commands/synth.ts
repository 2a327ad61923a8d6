import { relative } from "node:path";
import { packagesOf } from "../../packaging/synthesized-packages";
import { synthesize } from "../../synthesize";
import { resourcesOf } from "../../synthesized/cdktf-out";
import { ZERO_SUBSCRIPTION } from "../../topology/arm-ids";
import { warnOfFindings } from "../findings";
import { command, run } from "../frame/command";
import { json } from "../frame/options";
import { table } from "../frame/table";
import { sentenceOf } from "../owners/checklist";
import { isNothing, ownersPartIn } from "../owners/owners-part";

run(
  command({
    name: "npm run synth --",
    description: "Synthesizes the stacks to cdktf.out, or to the folder that CDKTF_OUTDIR names.",
    examples: [
      ["npm run synth", "topology.ts"],
      ["TOPOLOGY=docs/examples/single-region.json npm run synth", "another topology"],
    ],
  })
    .option("--json", "print the stacks and packages as JSON, and nothing else")
    .action((options: { json?: boolean }) => {
      synth(options);
    }),
);

function synth(options: { json?: boolean }): void {
  const { stacks, outdir, subscription, topology } = synthesize();
  warnOfFindings({ stacks, topology });
  const folder = relative(process.cwd(), outdir) || ".";
  const listed = stacks.map((stack) => ({
    name: stack.name,
    resources: resourcesOf(stack).length,
    after: stack.dependencies,
  }));
  const packages = packagesOf(stacks).map(({ name, stack, size, hash }) => ({
    name,
    stack,
    bytes: size,
    sha256: hash,
  }));
  if (options.json) {
    process.stdout.write(json({ outdir: folder, subscription, stacks: listed, packages }));
    return;
  }
  const total = listed.reduce((sum, { resources }) => sum + resources, 0);
  const lines = [
    `${stacks.length} stacks with ${total} resources in ${folder}/stacks, in deployment order:`,
    "",
    table(
      ["#", "stack", "resources", "after"],
      listed.map(({ name, resources, after }, index) => [index + 1, name, resources, after.join(", ") || "-"]),
    ),
    "",
    "Function packages among their assets:",
    "",
    table(
      ["package", "stack", "bytes", "sha256"],
      packages.map(({ name, stack, bytes, sha256 }) => [name, stack, bytes, sha256]),
    ),
    "",
  ];
  const owners = ownersPartIn(stacks);
  if (!isNothing(owners)) lines.push(sentenceOf(owners), "");
  if (subscription === ZERO_SUBSCRIPTION) {
    lines.push(
      "ARM_SUBSCRIPTION_ID is not set: the stacks name the zero subscription, and plan and apply will refuse to run.",
      "",
    );
  }
  process.stdout.write(lines.join("\n"));
}
