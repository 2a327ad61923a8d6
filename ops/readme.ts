import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "./command";
import { withOutputs } from "./readme-outputs";

run(() => {
  const path = resolve(__dirname, "..", "README.md");
  writeFileSync(path, withOutputs(readFileSync(path, "utf8")));
  process.stdout.write(`${path}\n`);
});
