import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { synthesize } from "../synthesize";
import { loadTopology } from "../topology/load";
import { run } from "./command";
import { generatedDocuments } from "./documents/documents";
import { REFERENCE, ROOT } from "./documents/reference";

run(async () => {
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  try {
    const { stacks } = synthesize({ topology: loadTopology(REFERENCE), outdir: join(folder, "cdktf.out") });
    for (const { path, content } of generatedDocuments(stacks)) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      writeFileSync(join(ROOT, path), await content());
      process.stdout.write(`${path}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
