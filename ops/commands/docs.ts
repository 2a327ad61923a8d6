import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { synthesize } from "../../synthesize";
import { loadTopology } from "../../topology/load";
import { generatedDocuments } from "../documents/documents";
import { REFERENCE, ROOT } from "../documents/reference";
import { command, run } from "../frame/command";
import { temporaryFolder } from "../frame/ending";

run(
  command({
    name: "npm run docs",
    description: "Writes the generated documents anew, from the schema and the reference topology.",
    examples: [["npm run docs", "after a change that the documents show"]],
  }).action(async () => {
    const { stacks } = synthesize({
      topology: loadTopology(REFERENCE),
      outdir: join(temporaryFolder("locked-down-docs"), "cdktf.out"),
    });
    for (const { path, content } of generatedDocuments(stacks)) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      writeFileSync(join(ROOT, path), await content());
      process.stdout.write(`${path}\n`);
    }
  }),
);
