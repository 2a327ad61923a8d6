import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { topologyJsonSchema } from "../topology/json-schema";
import { run } from "./command";

run(() => {
  const path = resolve(__dirname, "..", "topology.schema.json");
  writeFileSync(path, topologyJsonSchema());
  process.stdout.write(`${path}\n`);
});
