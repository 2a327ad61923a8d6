import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { Failure } from "../../failure";
import { providerMissing, terraformBinary } from "../terraform";

/** A change that Terraform plans. */
export interface PlannedChange {
  readonly address: string;
  readonly action: string;
  /** Why it cannot be an update, where Terraform says so. */
  readonly reason?: string;
}

/** An error or a warning as Terraform words it. */
export interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
}

export type Phase = "plan" | "apply" | "re-plan" | "destroy";

/** A stack's own error: Terraform's words with the stack's name. */
export class StackFailed extends Failure {
  override name = "StackFailed";

  constructor(
    readonly stackName: string,
    readonly command: string,
    readonly diagnostics: readonly Diagnostic[],
    output: string,
  ) {
    const errors = diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ summary, detail = "", address }) =>
        `${address === undefined ? "" : `${address}: `}${summary} ${detail}`.trim(),
      );
    super(
      `${stackName}: ${terraformBinary()} ${command} failed.\n${errors.length > 0 ? errors.join("\n") : output.trim()}`,
    );
  }
}

interface Line {
  readonly type?: string;
  readonly diagnostic?: Diagnostic;
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string; readonly reason?: string };
}

const PLAN = "rehearsal.tfplan";

export interface StackRunProps {
  readonly stack: SynthesizedStack;
  readonly environment: NodeJS.ProcessEnv;
  /** Called after each resource that is done. */
  readonly progress?: (done: number) => void;
}

/** One stack, taken through Terraform. */
export class StackRun {
  /** How long each phase took, in milliseconds. */
  readonly times: Partial<Record<Phase, number>> = {};
  /** How many resources the last plan changes. */
  planned = 0;
  private child?: ReturnType<typeof spawn>;
  private interrupted = false;

  constructor(private readonly props: StackRunProps) {}

  get name(): string {
    return this.props.stack.name;
  }

  get dependencies(): readonly string[] {
    return this.props.stack.dependencies;
  }

  /** @throws StackFailed */
  async init(environment: NodeJS.ProcessEnv): Promise<void> {
    try {
      await this.run(["init", "-input=false", "-no-color"], environment);
    } catch (error) {
      throw providerMissing(String(error), this.props.stack) ?? error;
    }
  }

  /** @throws StackFailed */
  async validate(): Promise<void> {
    await this.run(["validate", "-no-color"]);
  }

  /** @throws StackFailed */
  async plan(): Promise<readonly PlannedChange[]> {
    return await this.timed("plan", async () => {
      const { lines } = await this.run(["plan", "-json", "-input=false", `-parallelism=${PARALLEL}`, `-out=${PLAN}`]);
      const changes = changesIn(lines);
      this.planned = changes.length;
      return changes;
    });
  }

  /** Applies what was planned. @throws StackFailed */
  async apply(): Promise<void> {
    await this.timed("apply", async () => {
      await this.run(["apply", "-json", "-input=false", `-parallelism=${PARALLEL}`, PLAN]);
    });
  }

  /** What Terraform would still change. @throws StackFailed */
  async replan(): Promise<readonly PlannedChange[]> {
    return await this.timed("re-plan", async () => {
      const { lines } = await this.run(["plan", "-json", "-input=false", `-parallelism=${PARALLEL}`]);
      return changesIn(lines);
    });
  }

  /** @throws StackFailed */
  async destroy(): Promise<void> {
    await this.timed("destroy", async () => {
      await this.run(["destroy", "-json", "-auto-approve", "-input=false", `-parallelism=${PARALLEL}`]);
    });
  }

  /** What the state holds. */
  async held(): Promise<readonly string[]> {
    const { output } = await this.run(["state", "list"]).catch(() => ({ output: "" }));
    return output.split("\n").filter((line) => line !== "");
  }

  /** Asks Terraform to end: it finishes what it does, and writes its state. Nothing new is started. */
  interrupt(): void {
    this.interrupted = true;
    this.child?.kill("SIGINT");
  }

  async ended(): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null)
      await new Promise((done) => child.once("close", done));
  }

  private async timed<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.times[phase] = (this.times[phase] ?? 0) + performance.now() - began;
    }
  }

  private async run(
    args: readonly string[],
    environment = this.props.environment,
  ): Promise<{ lines: readonly Line[]; output: string }> {
    const { stack, progress } = this.props;
    if (this.interrupted) throw new Error(`${stack.name}: interrupted.`);
    const child = spawn(terraformBinary(), [...args], {
      cwd: stack.directory,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...environment, TF_IN_AUTOMATION: "1" },
      // Of a group of its own: Ctrl-C in a terminal would reach it a second time, and then it ends at once, without its state.
      detached: process.platform !== "win32",
    });
    this.child = child;
    const lines: Line[] = [];
    const output: string[] = [];
    let done = 0;
    const read = (text: string) => {
      const line = lineOf(text);
      if (!line) {
        output.push(text);
        return;
      }
      lines.push(line);
      if (line.type === "apply_complete") progress?.((done += 1));
    };
    createInterface({ input: child.stdout }).on("line", read);
    createInterface({ input: child.stderr }).on("line", read);
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => {
        resolve(status ?? 1);
      });
    });
    this.child = undefined;
    const diagnostics = lines.flatMap(({ diagnostic }) => (diagnostic ? [diagnostic] : []));
    if (code !== 0) throw new StackFailed(stack.name, args[0] ?? "", diagnostics, output.join("\n"));
    return { lines, output: output.join("\n") };
  }
}

/** What azurerm waits for is mostly time, not work. */
const PARALLEL = 30;

function lineOf(text: string): Line | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

function changesIn(lines: readonly Line[]): PlannedChange[] {
  return lines.flatMap(({ type, change }) =>
    type === "planned_change" && change
      ? [
          {
            address: change.resource.addr,
            action: change.action,
            ...(change.reason === undefined ? {} : { reason: change.reason }),
          },
        ]
      : [],
  );
}
