import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { instance } from "@viz-js/viz";
import { synthesize } from "../synthesize";
import { architectureGraph } from "./architecture-graph";
import { run } from "./command";

const PICTURE = resolve(__dirname, "..", "docs/images/architecture.svg");

run(async () => {
  const graph = architectureGraph(synthesize().stacks);
  mkdirSync(dirname(PICTURE), { recursive: true });
  writeFileSync(PICTURE, (await instance()).renderString(graph, { format: "svg" }));
  process.stdout.write(`${PICTURE}\n`);
});
