import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const ROOT = join(__dirname, "../..");

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of ours as npm would, in a process of its own. */
export function command(script: string, args: readonly string[], environment: NodeJS.ProcessEnv, cwd = ROOT): Outcome {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "node_modules/tsx/dist/cli.mjs"), resolve(ROOT, script), ...args],
    {
      cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TOPOLOGY: process.env.TOPOLOGY, ...environment },
      encoding: "utf8",
      timeout: 120_000,
    },
  );
  return { status, stdout, stderr };
}
