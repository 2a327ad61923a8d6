import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import { Failure, UsageError } from "../../../failure";
import { type DeadLetter, DeadLetterQueue } from "../../../operator/dead-letter-queue";
import { confirmed } from "../confirm";
import { refused, refuseOutside } from "../refusals";
import { oneEntity, type OneEntityOptions } from "./one-entity";
import { shownMessage } from "./shown-message";

export interface ExportOptions extends OneEntityOptions {
  readonly to: string;
  /** Whether the dead letters are taken away once they are in the file. */
  readonly remove?: boolean;
  readonly plan?: boolean;
  readonly yes?: boolean;
}

const AT_ONCE = 50;

/** Writes dead letters to a file, one JSON object a line. With `--remove` each is taken away once its line is on the disk. */
export async function exportLetters(entity: string, options: ExportOptions): Promise<void> {
  const path = resolve(options.to);
  const { remove = false } = options;
  if (existsSync(path) && !remove) throw new UsageError(`--to ${options.to} is there already: name another file.`);
  const { onCall, found } = await oneEntity(entity, options);
  if (!found) {
    process.stdout.write(`${entity} has no dead letter.\n`);
    return;
  }
  const what = remove
    ? "Each is taken away once its line is on the disk; after an interruption the same command goes on."
    : "They stay in the queue.";
  process.stdout.write(
    `${found.count} dead letters of ${found.entity} of ${found.own.namespace} are written to ${path}, one JSON object a line. ${what} This needs the network.\n\n`,
  );
  if (options.plan) return;
  await refuseOutside([found.host]);
  if (remove && !(await confirmed(`Take ${found.count} dead letters of ${found.entity} away?`, options.yes))) {
    process.stdout.write("Nothing was changed.\n");
    return;
  }
  const queue = new DeadLetterQueue(onCall.session, found.host, found.entity, found.kept);
  try {
    const count = remove
      ? await moved(queue, found.entity, path, found.count)
      : await copied(queue, found.entity, path);
    process.stdout.write(
      `✔ ${count} dead letters of ${found.entity} are in ${path}${remove ? ", and no longer in the queue" : "; they stay in the queue too"}\n\nCheck with npm run dead-letters -- list ${found.entity}.\n`,
    );
    if (count < found.count && remove)
      throw new Failure(
        `${found.count - count} were not received: another receiver holds them. Run the command again when their locks have ended, in five minutes at most.`,
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
      writeLine(file, entity, letter);
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
  const file = openSync(path, "a+", 0o600);
  let count = 0;
  let open: readonly DeadLetter[] = [];
  try {
    endLastLine(file);
    while (count < most) {
      open = await queue.receive(Math.min(AT_ONCE, most - count));
      if (open.length === 0) break;
      for (const letter of open) writeLine(file, entity, letter);
      fsyncSync(file);
      for (const letter of open) {
        await queue.complete(letter);
        open = open.filter((each) => each !== letter);
        count += 1;
      }
    }
    return count;
  } catch (error) {
    await queue.giveBack(open);
    throw error;
  } finally {
    closeSync(file);
  }
}

/** The whole line, or an error. */
function writeLine(file: number, entity: string, letter: DeadLetter): void {
  writeFileSync(file, `${JSON.stringify(shownMessage(entity, letter))}\n`);
}

/** A run that was ended may have left half a line: the next one begins on its own. */
function endLastLine(file: number): void {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== "\n") writeFileSync(file, "\n");
}
