import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { OLDEST_NODE } from "../../azure-facts/functions-node";

const ROOT = resolve(__dirname, "../..");

/** The worker's programs, one file each, so that a worker starts as fast as Node does and needs no TypeScript. */
export interface WorkerBundle {
  readonly preload: string;
  readonly main: string;
}

export function bundleWorker(folder: string): WorkerBundle {
  const [preload, main] = [join(folder, "preload.js"), join(folder, "worker.js")];
  bundleProgram(join(__dirname, "worker/preload.ts"), preload);
  bundleProgram(join(__dirname, "worker/main.ts"), main);
  return { preload, main };
}

/** One file that Node runs as it is. */
export function bundleProgram(entry: string, outfile: string): void {
  buildSync({
    entryPoints: [entry],
    absWorkingDir: ROOT,
    outfile,
    bundle: true,
    platform: "node",
    target: `node${OLDEST_NODE}`,
    format: "cjs",
    logLevel: "warning",
  });
}
