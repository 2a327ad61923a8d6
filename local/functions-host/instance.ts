import { type ChildProcess, fork } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import type { WorkerBundle } from "./worker-bundle";
import type { FromWorker, RunningFunction, ToWorker } from "./worker/protocol";

/** A worker that could not start; its message says why. */
export class WorkerFailed extends Error {
  override name = "WorkerFailed";
}

export interface InstanceProps {
  /** `lockdown-pc-consumer-eastus2-1`. */
  readonly name: string;
  readonly worker: WorkerBundle;
  /** Where the package is unpacked. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where its log goes; it goes on there after a restart. */
  readonly logPath: string;
  /** Whether a debugger can connect. @default false */
  readonly inspect?: boolean;
  /** Called when it ended by itself. */
  readonly crashed: () => void;
}

const RESTART_MS = 200;
/** One that lived this long did not end because of how it starts. */
const STEADY_MS = 5_000;
/** A worker that ends again and again is started less and less often. */
const LONGEST_RESTART_MS = 5_000;
/** What it takes to end beside its calls. */
const STOP_MS = 5_000;
const START_MS = 60_000;

/** One instance of a function app: a process of its own, started again when it ends by itself. */
export class Instance {
  readonly name: string;
  readonly logPath: string;
  /** Where it serves HTTP, while it does. */
  port?: number;
  /** How long the package took to load, in milliseconds. */
  loadMs = 0;
  functions: readonly RunningFunction[] = [];
  /** Where a debugger connects. @default nowhere: it was started without one */
  inspector?: string;
  restarts = 0;
  private child?: ChildProcess;
  private restarting?: NodeJS.Timeout;
  private stopping = false;
  private wait = RESTART_MS;
  private readyAt = 0;

  constructor(private readonly props: InstanceProps) {
    this.name = props.name;
    this.logPath = props.logPath;
  }

  /** @throws WorkerFailed where the package does not load */
  async start(): Promise<void> {
    const { worker, folder, environment, logPath, inspect = false } = this.props;
    // What a package writes to the console is the platform's, not the user's terminal's.
    const console_ = openSync(`${logPath}.console`, "a");
    const child = fork(worker.main, [folder, logPath], {
      env: environment,
      execArgv: [
        ...["--require", worker.preload, "--no-deprecation", "--enable-source-maps"],
        ...(inspect ? ["--inspect=127.0.0.1:0"] : []),
      ],
      stdio: ["ignore", console_, console_, "ipc"],
      cwd: folder,
    });
    closeSync(console_);
    this.child = child;
    child.once("exit", () => {
      this.ended(child);
    });
    try {
      const { port, loadMs, functions, inspector } = await ready(child);
      Object.assign(this, { port, loadMs, functions, inspector });
      this.readyAt = Date.now();
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Ends it as a crash does: nothing is finished, nothing is said. */
  kill(): void {
    this.child?.kill("SIGKILL");
  }

  /** Lets it crash by itself when it has processed a message and not settled it: a kill from outside may come at any moment, this one comes at the worst. */
  crashBeforeSettling(): void {
    this.tell({ kind: "crash-before-settling" });
  }

  get running(): boolean {
    return this.port !== undefined;
  }

  /** Lets it finish the calls that are under way. @param finishMs for how long at most, in milliseconds */
  async stop(finishMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restarting);
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("exit", done));
    this.tell({ kind: "stop", finishMs });
    const force = setTimeout(() => child.kill("SIGKILL"), finishMs + STOP_MS);
    await gone;
    clearTimeout(force);
  }

  /** Ends what is being stopped sooner. @param finishMs how long it has from now, in milliseconds */
  hurry(finishMs: number): void {
    const { child } = this;
    if (child) setTimeout(() => child.kill("SIGKILL"), finishMs).unref();
  }

  private tell(message: ToWorker): void {
    if (this.child?.connected === true) this.child.send(message, () => undefined);
  }

  private ended(child: ChildProcess): void {
    if (this.child !== child) return;
    const served = this.port !== undefined;
    this.port = undefined;
    if (this.stopping || !served) return;
    this.props.crashed();
    this.wait = Date.now() - this.readyAt > STEADY_MS ? RESTART_MS : Math.min(this.wait * 2, LONGEST_RESTART_MS);
    this.startAgain();
  }

  private startAgain(): void {
    this.restarts += 1;
    this.restarting = setTimeout(() => {
      this.start().catch(() => {
        this.wait = Math.min(this.wait * 2, LONGEST_RESTART_MS);
        if (!this.stopping) this.startAgain();
      });
    }, this.wait);
  }
}

function ready(child: ChildProcess): Promise<Extract<FromWorker, { kind: "ready" }>> {
  return new Promise((resolve, reject) => {
    const slow = setTimeout(() => {
      reject(new WorkerFailed(`it was not ready after ${START_MS / 1000} s`));
    }, START_MS);
    const failed = (reason: string) => {
      clearTimeout(slow);
      reject(new WorkerFailed(reason));
    };
    child.once("error", (error) => {
      failed(error.message);
    });
    child.once("exit", (code, signal) => {
      failed(`it ended with ${signal ?? `exit code ${code ?? "?"}`} before it was ready`);
    });
    child.once("message", (message: FromWorker) => {
      if (message.kind === "failed") {
        failed(message.reason);
        return;
      }
      clearTimeout(slow);
      resolve(message);
    });
  });
}
