import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { Failure, UsageError } from "../../../failure";
import { DeadLetterQueue } from "../../../operator/dead-letter-queue";
import { confirmed } from "../confirm";
import { refused } from "../refusals";
import { oneEntity, type OneEntityOptions } from "./one-entity";
import { shownMessage } from "./shown-message";

export interface ExportOptions extends OneEntityOptions {
  readonly to: string;
  /** Whether the dead letters are taken away once they are in the file. */
  readonly remove?: boolean;
  readonly yes?: boolean;
}

const AT_ONCE = 50;

/** Writes dead letters to a file, one JSON object a line. With `--remove` each is taken away once its line is on the disk. */
export async function exportLetters(entity: string, options: ExportOptions): Promise<void> {
  const path = resolve(options.to);
  if (existsSync(path) && !options.remove)
    throw new UsageError(`--to ${options.to} is there already: name another file.`);
  const { onCall, found } = await oneEntity(entity, options);
  if (!found) {
    process.stdout.write(`${entity} has no dead letter.\n`);
    return;
  }
  if (
    options.remove &&
    !(await confirmed(`Take ${found.count} dead letters of ${found.entity} away, into ${path}?`, options.yes))
  ) {
    process.stdout.write("Nothing was changed.\n");
    return;
  }
  const queue = new DeadLetterQueue(onCall.session, found.host, found.entity);
  try {
    const count = options.remove
      ? await moved(queue, found.entity, path, found.count)
      : await copied(queue, found.entity, path);
    process.stdout.write(
      `✔ ${count} dead letters of ${found.entity} are in ${path}${options.remove ? ", and no longer in the queue" : "; they stay in the queue too"}\n`,
    );
  } catch (error) {
    throw error instanceof Failure ? error : refused(error, found.entity);
  } finally {
    await queue.close();
  }
}

/** The file is there as a whole, or not at all. */
async function copied(queue: DeadLetterQueue, entity: string, path: string): Promise<number> {
  const draft = `${path}.part`;
  const file = openSync(draft, "w", 0o600);
  let count = 0;
  try {
    for await (const letter of queue.peeked()) {
      writeSync(file, `${JSON.stringify(shownMessage(entity, letter))}\n`);
      count += 1;
    }
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, path);
    return count;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Lines are added to the file: after an interruption the same command goes on. A line that is written twice has the same sequence number. */
async function moved(queue: DeadLetterQueue, entity: string, path: string, most: number): Promise<number> {
  const file = openSync(path, "a", 0o600);
  let count = 0;
  try {
    while (count < most) {
      const letters = await queue.receive(Math.min(AT_ONCE, most - count));
      if (letters.length === 0) break;
      for (const letter of letters) writeSync(file, `${JSON.stringify(shownMessage(entity, letter))}\n`);
      fsyncSync(file);
      for (const letter of letters) await queue.complete(letter);
      count += letters.length;
    }
    return count;
  } finally {
    closeSync(file);
  }
}
