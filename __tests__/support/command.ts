import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const ROOT = join(__dirname, "../..");

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of ours as npm does, in a process of its own. @param name its file in ops/commands, or a program's path from the project's folder */
export function command(name: string, args: readonly string[], environment: NodeJS.ProcessEnv, cwd = ROOT): Outcome {
  const program = name.endsWith(".ts") ? ["--import", "tsx", resolve(cwd, name)] : [resolve(cwd, "ops/run.cjs"), name];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TOPOLOGY: process.env.TOPOLOGY, ...environment },
    encoding: "utf8",
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}
