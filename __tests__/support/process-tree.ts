import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const ROOT = resolve(__dirname, "../..");
const ENDED_MS = 20_000;

/** An npm script with all that it starts, in a folder for temporary files of its own. */
export class ProcessTree {
  /** Its folder for temporary files. */
  readonly folder = mkdtempSync(join(tmpdir(), "tree-"));
  stdout = "";
  stderr = "";
  readonly npm: ChildProcess;
  private readonly closed: Promise<number | null>;
  private readonly started = new Set<number>();

  constructor(script: string, args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}, cwd = ROOT) {
    this.npm = spawn("npm", ["run", "--silent", script, "--", ...args], {
      cwd,
      env: {
        ...{ PATH: process.env.PATH, HOME: process.env.HOME, TOPOLOGY: process.env.TOPOLOGY, TMPDIR: this.folder },
        // From Node 22 on npm itself would keep compiled code in the folder for temporary files.
        ...{ CDKTF_OUTDIR: join(this.folder, "..", "not-used"), NODE_DISABLE_COMPILE_CACHE: "1", ...environment },
      },
    });
    this.npm.stdout?.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.npm.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.closed = new Promise((done) =>
      this.npm.once("close", (code) => {
        done(code);
      }),
    );
  }

  /** Waits until it has printed something. @throws Error where it ends before that */
  async printed(text: string | RegExp): Promise<void> {
    const has = () => (typeof text === "string" ? this.stdout.includes(text) : text.test(this.stdout));
    while (!has()) {
      if (this.npm.exitCode !== null) throw new Error(`It ended: ${this.stdout}${this.stderr}`);
      await pause(50);
    }
  }

  /** The process ids of the tree: npm, its shell, the command, and what the command started. */
  pids(): number[] {
    const found = [this.npm.pid ?? 0];
    const lines = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
    const parents = lines.map((line) => line.trim().split(/\s+/).map(Number));
    for (let index = 0; index < found.length; index += 1) {
      for (const [pid = 0, parent] of parents) if (parent === found[index]) found.push(pid);
    }
    for (const pid of found) this.started.add(pid);
    return found;
  }

  /** The command itself, below npm and its shell. */
  command(): number {
    const [, , command] = this.pids();
    if (command === undefined) throw new Error("The command has not started.");
    return command;
  }

  /** npm's exit code. */
  async ended(): Promise<number | null> {
    return await this.closed;
  }

  /** What is left of it, once everything had time to end: processes, and files in its temporary folder. */
  async left(): Promise<{ readonly processes: readonly number[]; readonly files: readonly string[] }> {
    const until = Date.now() + ENDED_MS;
    let processes: number[];
    let files: string[];
    do {
      await pause(100);
      processes = [...this.started].filter(isRunning);
      files = readdirSync(this.folder);
    } while (processes.length + files.length > 0 && Date.now() < until);
    return { processes, files };
  }

  remove(): void {
    for (const pid of this.started) if (isRunning(pid)) process.kill(pid, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
