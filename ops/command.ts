import { UsageError } from "../usage-error";

/** Cleans up before Ctrl-C, a hang-up or `kill` ends the process. */
export function onInterrupt(cleanUp: () => Promise<void>): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.once(signal, () => {
      void cleanUp()
        .catch(() => undefined)
        .finally(() => process.exit(code));
    });
  }
}

/** Runs a command: what the user did wrong is one message and exit code 1, what we did wrong keeps its stack trace. */
export function run(command: () => void | Promise<void>): void {
  Promise.resolve()
    .then(command)
    .catch((error: unknown) => {
      process.stderr.write(
        `${error instanceof UsageError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      process.exitCode = 1;
    });
}
