import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { instance } from "@viz-js/viz";
import { Command } from "commander";
import { synthesize } from "../synthesize";
import { loadTopology } from "../topology/load";
import { architectureGraph } from "./architecture/architecture-graph";
import { run } from "./command";
import { REFERENCE } from "./readme-outputs";
import { stacksOfStamp, stampNamed } from "./selection";

const README_PICTURE = resolve(__dirname, "..", "docs/images/architecture.svg");

const program = new Command("npm run picture --")
  .description("Draws a stamp from its synthesized stacks.")
  .argument("[file]", "where the picture of your topology goes; none: the README's picture, of the reference topology")
  .option("--stamp <name>", "the stamp to draw, where there are several; none: the first")
  .action((file: string | undefined, { stamp }: { stamp?: string }) => {
    run(() => draw(file, stamp));
  });

async function draw(file: string | undefined, name: string | undefined): Promise<void> {
  const path = file === undefined ? README_PICTURE : resolve(file);
  const folder = mkdtempSync(join(tmpdir(), "picture-"));
  try {
    const { stacks, topology } = synthesize({
      ...(file === undefined ? { topology: loadTopology(REFERENCE) } : {}),
      outdir: join(folder, "cdktf.out"),
    });
    const graph = architectureGraph(stacksOfStamp(stacks, stampNamed(topology, name)));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, (await instance()).renderString(graph, { format: "svg" }));
    process.stdout.write(`${path}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void program.parseAsync();
