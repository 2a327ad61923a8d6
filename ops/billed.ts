import { synthesize } from "../synthesize";
import { billOfMaterials } from "./bill-of-materials";
import { run } from "./command";
import { table } from "./table";

run(() => {
  const lines = billOfMaterials(synthesize().stacks);
  const regions = [...new Set(lines.flatMap(({ counts }) => [...counts.keys()]))].sort();
  const rows = lines.map(({ item, counts }) => [item, ...regions.map((region) => counts.get(region) ?? 0)]);
  process.stdout.write(`${table(["billed per unit", ...regions], rows)}\n`);
});
