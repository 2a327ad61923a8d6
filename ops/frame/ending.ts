import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "../../is-running";

/** The exit code after Ctrl-C, `kill`, a hang-up, or when the reader of the output is gone. */
export const INTERRUPTED = 130;

const PARENT_CHECK_MS = 300;

const cleanUps: (() => Promise<void> | void)[] = [];
let interruption: string | undefined;
let cleaning: Promise<void> | undefined;

/** Registers what has to be ended or removed however the command ends. The last registered is the first to run. */
export function atEnd(cleanUp: () => Promise<void> | void): void {
  cleanUps.push(cleanUp);
}

/** A new folder in the system's folder for temporary files, removed at the end. @param name the first part of its name */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  atEnd(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The signal or event that interrupted the command; none: it was not interrupted. */
export function interruptedBy(): string | undefined {
  return interruption;
}

/** Runs every clean-up, each one once. A clean-up that fails does not keep the others from running. */
export function cleanUp(): Promise<void> {
  cleaning ??= (async () => {
    for (let next = cleanUps.pop(); next; next = cleanUps.pop()) {
      try {
        await next();
      } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  })().finally(() => {
    cleaning = undefined;
  });
  return cleaning;
}

/** Ends the process in order after a signal, when the process that started it is gone, or when its output is closed. A second signal changes nothing. */
export function endWhenInterrupted(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      interrupt(signal);
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      interrupt("EPIPE");
    });
  }
  watchStarters();
}

function interrupt(what: string): void {
  if (interruption !== undefined) return;
  interruption = what;
  if (what === "EPIPE") process.stderr.write("Standard output was closed: the command has stopped.\n");
  void cleanUp().finally(() => process.exit(INTERRUPTED));
}

/**
 * npm and its shell end at once when a signal reaches them alone, and do not pass it on: what they started would go on without them. Outside npm the
 * process may outlive the shell that started it, as `nohup` means.
 */
function watchStarters(): void {
  if (process.env.npm_lifecycle_event === undefined || process.platform === "win32") return;
  const parent = process.ppid;
  const shell = processOf(parent);
  // The shell's parent is npm. Where npm has no shell between, the parent is npm itself.
  const npm = shell && /sh$/.test(shell.command) ? shell.parent : undefined;
  setInterval(() => {
    if (process.ppid !== parent || (npm !== undefined && !isRunning(npm))) interrupt("npm ended");
  }, PARENT_CHECK_MS).unref();
}

function processOf(pid: number): { readonly parent: number; readonly command: string } | undefined {
  try {
    const [parent = "", command = ""] = execFileSync("ps", ["-o", "ppid=,comm=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    })
      .trim()
      .split(/\s+/);
    return { parent: Number(parent), command };
  } catch {
    // A system without ps: the parent alone is watched.
    return undefined;
  }
}
