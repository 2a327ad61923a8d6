import { UsageError } from "../topology/mistake";

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
