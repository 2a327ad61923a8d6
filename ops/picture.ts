import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { synthesize } from "../synthesize";
import { run } from "./command";
import { pictureOf } from "./documents/documents";
import { stacksOfStamp, stampNamed } from "./selection";

const program = new Command("npm run picture --")
  .description("Draws a stamp of your topology from its synthesized stacks, as SVG.")
  .argument("<file>", "where the picture goes")
  .option("--stamp <name>", "the stamp to draw, where there are several; none: the first")
  .action((file: string, { stamp }: { stamp?: string }) => {
    run(() => draw(file, stamp));
  });

async function draw(file: string, name: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "picture-"));
  try {
    const { stacks, topology } = synthesize({ outdir: join(folder, "cdktf.out") });
    writeFileSync(resolve(file), await pictureOf(stacksOfStamp(stacks, stampNamed(topology, name))));
    process.stdout.write(`${resolve(file)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void program.parseAsync();
