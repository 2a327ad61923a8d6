import { relative } from "node:path";
import { resourcesOf } from "../synthesized/cdktf-out";
import { packagesOf } from "../packaging/synthesized-packages";
import { synthesize } from "../synthesize";
import { ZERO_SUBSCRIPTION } from "../topology/arm-ids";
import { run } from "./command";
import { warnOfFindings } from "./findings";
import { table } from "./table";

run(() => {
  const { stacks, outdir, subscription } = synthesize();
  warnOfFindings(stacks);
  const counts = stacks.map((stack) => resourcesOf(stack).length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const lines = [
    `${stacks.length} stacks with ${total} resources in ${relative(process.cwd(), outdir) || "."}/stacks, in deployment order:`,
    "",
    table(
      ["#", "stack", "resources", "after"],
      stacks.map(({ name, dependencies }, index) => [
        index + 1,
        name,
        counts[index] ?? 0,
        dependencies.join(", ") || "-",
      ]),
    ),
    "",
    "Function packages among their assets:",
    "",
    table(
      ["package", "stack", "bytes", "sha256"],
      packagesOf(stacks).map(({ name, stack, size, hash }) => [name, stack, size, hash]),
    ),
    "",
  ];
  if (subscription === ZERO_SUBSCRIPTION) {
    lines.push(
      "ARM_SUBSCRIPTION_ID is not set: the stacks name the zero subscription, and plan and apply will refuse to run.",
      "",
    );
  }
  process.stdout.write(lines.join("\n"));
});
