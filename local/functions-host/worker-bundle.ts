import { join, resolve } from "node:path";
import { buildSync } from "esbuild";

const ROOT = resolve(__dirname, "../..");

/** The worker's programs, one file each, so that a worker starts as fast as Node does and needs no TypeScript. */
export interface WorkerBundle {
  readonly preload: string;
  readonly main: string;
}

export function bundleWorker(folder: string): WorkerBundle {
  buildSync({
    entryPoints: { preload: join(__dirname, "worker/preload.ts"), worker: join(__dirname, "worker/main.ts") },
    absWorkingDir: ROOT,
    outdir: folder,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "warning",
  });
  return { preload: join(folder, "preload.js"), main: join(folder, "worker.js") };
}
