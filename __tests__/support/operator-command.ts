import { spawn } from "node:child_process";
import { join } from "node:path";
import type { LocalAzure } from "../../local/local-azure";
import { type OperatorHostProps, operatorEnvironment } from "../../local/operators/operator-host";
import { withoutSignIn } from "../../ops/rehearsal/terraform-environment";

const LAUNCHER = join(process.cwd(), "ops/run.cjs");

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandRun {
  /** Ends it as Ctrl-C does. */
  interrupt(): void;
  /** Ends it as `kill -9` does. */
  kill(): void;
  readonly ended: Promise<Ended>;
}

export interface OperatorCommandProps extends OperatorHostProps {
  readonly local: LocalAzure;
  readonly command: string;
  readonly args: readonly string[];
  /** Variables to add, or to take away. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Starts a command for people on call, as they do: a process of its own, on a host of theirs. */
export async function operatorCommand({
  local,
  command,
  args,
  environment,
  ...host
}: OperatorCommandProps): Promise<CommandRun> {
  const child = spawn(process.execPath, [LAUNCHER, command, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...withoutSignIn(process.env), ...(await operatorEnvironment(local, host)), ...environment },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ended>((done, failed) => {
    child.once("error", failed);
    child.once("close", (status) => {
      done({ status, stdout, stderr });
    });
  });
  return {
    interrupt: () => child.kill("SIGINT"),
    kill: () => child.kill("SIGKILL"),
    ended,
  };
}
