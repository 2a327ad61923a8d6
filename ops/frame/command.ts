import { Command, CommanderError } from "commander";
import { Failure, UsageError } from "../../failure";
import { cleanUp, endWhenInterrupted, interruptedBy } from "./ending";

export interface CommandProps {
  /** As a user types it: `npm run drill --`. */
  readonly name: string;
  readonly description: string;
  /** Whole command lines, each with what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
}

/** A command: unknown options and arguments are refused, and `--help` shows examples and runs nothing. */
export function command({ name, description, examples }: CommandProps): Command {
  const longest = Math.max(...examples.map(([line]) => line.length));
  return new Command(name)
    .description(description)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      // One message: the error names the option, and what is known is in --help.
      outputError: (text, write) => {
        write(text.replace(/^error: /, ""));
      },
    })
    .addHelpText(
      "after",
      ["", "Examples:", ...examples.map(([line, what]) => `  ${line.padEnd(longest)}  ${what}`)].join("\n"),
    );
}

/**
 * Runs a command to its end, and cleans up. Exit codes: 0; 1 where something failed; 2 for a wrong option, argument or environment variable; 3 where a program or
 * a package is missing; 130 after an interruption. A defect of ours keeps its stack trace.
 */
export function run(program: Command): void {
  endWhenInterrupted();
  process.on("uncaughtException", (error) => {
    end(error);
  });
  // Once the command's whole file is loaded.
  void Promise.resolve()
    .then(() => program.parseAsync())
    .then(
      () => {
        end();
      },
      (error: unknown) => {
        end(error);
      },
    );
}

function end(error?: unknown): void {
  // What an interruption breaks off is not an error of its own.
  if (interruptedBy() !== undefined) return;
  if (error !== undefined) {
    process.exitCode = exitCodeOf(error);
    const message = messageOf(error);
    if (message !== undefined) process.stderr.write(`${message}\n`);
  }
  void cleanUp();
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Failure) return error.exitCode;
  if (error instanceof CommanderError) return isHelp(error) ? 0 : new UsageError().exitCode;
  return 1;
}

function messageOf(error: unknown): string | undefined {
  if (error instanceof Failure) return error.message;
  // Commander has printed it.
  if (error instanceof CommanderError) return undefined;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isHelp({ code }: CommanderError): boolean {
  return code === "commander.helpDisplayed" || code === "commander.version";
}
