import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure";
import { isRunning } from "../is-running";

const FILE = ".synthesis.lock";
const WAIT_MS = 60_000;
const POLL_MS = 100;

/**
 * Does work while no other process synthesizes into the folder. Who comes second waits for the first.
 *
 * @throws Failure where the first takes too long
 */
export function withLock<Result>(outdir: string, work: () => Result): Result {
  const path = join(outdir, FILE);
  const until = Date.now() + WAIT_MS;
  while (!take(path)) {
    if (Date.now() > until) {
      throw new Failure(
        `Another process, ${holderOf(path) ?? "which has just ended"}, has synthesized into ${outdir} for more than ${WAIT_MS / 1_000} s: end it, or name another folder by CDKTF_OUTDIR.`,
      );
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Whether the lock is this process' now. That of a process that was killed is removed. */
function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const holder = holderOf(path);
  // Nothing in it: it is being written.
  if (holder !== undefined && !isRunning(holder)) rmSync(path, { force: true });
  return false;
}

function holderOf(path: string): number | undefined {
  try {
    const text = readFileSync(path, "utf8");
    return text === "" ? undefined : Number(text);
  } catch {
    return undefined;
  }
}
