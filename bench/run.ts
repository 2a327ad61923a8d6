import { rmSync } from "node:fs";

/** Runs a bench. An error is printed and sets the exit code; the bench's folder is removed in any case. */
export function runBench(bench: () => Promise<void>, folder: string): void {
  void bench()
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = 1;
    })
    .finally(() => {
      rmSync(folder, { recursive: true, force: true });
    });
}
