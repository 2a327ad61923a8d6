import { billOfMaterials } from "../bill-of-materials";
import { command, run } from "../frame/command";
import { json } from "../frame/options";
import { table } from "../frame/table";
import { synthesizeAside } from "../synthesize-aside";

run(
  command({
    name: "npm run billed --",
    description: "Counts what Azure bills by the unit, in each region.",
    examples: [["npm run billed", "the topology's resources"]],
  })
    .option("--json", "print the counts as JSON, and nothing else")
    .action((options: { json?: boolean }) => {
      billed(options);
    }),
);

function billed(options: { json?: boolean }): void {
  const lines = billOfMaterials(synthesizeAside().stacks);
  if (options.json) {
    process.stdout.write(json(lines.map(({ item, counts }) => ({ item, counts: Object.fromEntries(counts) }))));
    return;
  }
  const regions = [...new Set(lines.flatMap(({ counts }) => [...counts.keys()]))].sort();
  const rows = lines.map(({ item, counts }) => [item, ...regions.map((region) => counts.get(region) ?? 0)]);
  process.stdout.write(`${table(["billed per unit", ...regions], rows)}\n`);
}
