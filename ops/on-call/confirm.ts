import { createInterface } from "node:readline/promises";
import { UsageError } from "../../failure";

/**
 * Asks before something changes.
 *
 * @returns whether the answer is yes
 * @throws UsageError where there is no terminal to ask on
 */
export async function confirmed(question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) throw new UsageError("There is no terminal to ask on, and nothing was changed: add --yes.");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${question} [yes/no] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
