import { execFileSync, spawnSync } from "node:child_process";

const path = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;

/** Debian and others keep daemons where a user's PATH does not look. */
export const environment = { ...process.env, PATH: path };

export function has(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`], { env: environment }).status === 0;
}

/** Whether a network of one's own can be made: as root, or as a user where the kernel allows user namespaces. */
export function canUnshare(): boolean {
  return spawnSync("unshare", ["-rn", "true"], { env: environment }).status === 0;
}

/** Runs a script in a network namespace that holds nothing but what the script makes, and nothing after it ends. */
export function inNetworkOfItsOwn(script: string): string {
  // --kill-child and a PID namespace: all that the script starts ends with it.
  return execFileSync("unshare", ["-rn", "--pid", "--fork", "--kill-child", "bash", "-euc", script], {
    env: environment,
    encoding: "utf8",
    timeout: 60_000,
  });
}

/** `test`, or a test skipped by name with the reason where something is missing. */
export function testWhere(available: boolean, reason: string): (name: string, run: jest.ProvidesCallback) => void {
  return available
    ? test
    : (name, run) => {
        test.skip(`${name} (skipped: ${reason})`, run);
      };
}
