import { setTimeout as pause } from "node:timers/promises";
import { Failure, UsageError } from "../../../failure";
import { type DeadLetter, DeadLetterQueue } from "../../../operator/dead-letter-queue";
import type { Stamp } from "../../../topology/schema";
import { confirmed } from "../confirm";
import { refused } from "../refusals";
import { hasDuplicateDetection, othersOf, targetOf } from "../sending-to";
import type { DeadLettered } from "./entities";
import { oneEntity, type OneEntityOptions } from "./one-entity";

export interface RedriveOptions extends OneEntityOptions {
  /** Messages a second. */
  readonly rate: number;
  /** At most so many. @default as many as there are when the command begins */
  readonly count?: number;
  readonly allSubscriptions?: boolean;
  readonly plan?: boolean;
  readonly yes?: boolean;
}

/** So many at once: few enough that each is settled before its lock ends. */
const MOST_AT_ONCE = 50;

/**
 * Sends dead letters again, to where they came from. A dead letter is taken away once its copy is accepted: a command that is ended in between leaves it there, and the next run's copy has
 * the same id.
 */
export async function redrive(entity: string, options: RedriveOptions): Promise<void> {
  const { onCall, found } = await oneEntity(entity, options);
  if (!found) {
    process.stdout.write(`${entity} has no dead letter.\n`);
    return;
  }
  const most = Math.min(options.count ?? found.count, found.count);
  process.stdout.write(planText(found, most, options, onCall.stamp));
  refuseFanOut(found, onCall.stamp, options);
  if (options.plan) return;
  if (!(await confirmed(`Send ${most} dead letters of ${found.entity} again?`, options.yes))) {
    process.stdout.write("Nothing was changed.\n");
    return;
  }
  const queue = new DeadLetterQueue(onCall.session, found.host, found.entity);
  try {
    const done = await redriveSome(queue, most, options.rate);
    process.stdout.write(
      `✔ ${done} sent again to ${targetOf(found.entity)} of ${found.own.namespace}\n\nCheck with npm run dead-letters -- list ${found.entity}: a message that fails again is dead-lettered again.\n`,
    );
  } catch (error) {
    throw error instanceof Failure ? error : refused(error, found.entity);
  } finally {
    await queue.close();
  }
}

function planText(found: DeadLettered, most: number, { rate }: RedriveOptions, stamp: Stamp): string {
  const target = targetOf(found.entity);
  const others = othersOf(found.entity, stamp);
  return [
    `${found.entity} of ${found.own.namespace} has ${found.count} dead letters. ${most} of them are sent again to ${target}, ${rate} a second at most.`,
    "  Each copy has a message id of its own. The sender's id is in its property producerIds, where it came from in operatorRedriven. Its delivery count, sequence number and enqueued time are new.",
    hasDuplicateDetection(found.entity, stamp)
      ? "  If the command is ended in the middle, the next run copies what it did not take away. Duplicate detection drops a second copy within its window."
      : `  ${target} detects no duplicates: if the command is ended in the middle, the next run may send some a second time. Both copies have the same message id.`,
    ...(others.length > 0
      ? [`  A copy goes to ${target}, and so to every subscription whose rules match: ${others.join(", ")} too.`]
      : []),
    "",
    "",
  ].join("\n");
}

/** @throws UsageError where other subscriptions would get the copies, and nothing says that they may */
function refuseFanOut({ entity }: DeadLettered, stamp: Stamp, { allSubscriptions, plan }: RedriveOptions): void {
  const others = othersOf(entity, stamp);
  if (others.length === 0 || allSubscriptions || plan) return;
  throw new UsageError(
    `Service Bus sends to a topic, and not to one subscription: ${others.join(", ")} would get the messages once more. Nothing was changed. If they may: --all-subscriptions.`,
  );
}

async function redriveSome(queue: DeadLetterQueue, most: number, rate: number): Promise<number> {
  let done = 0;
  while (done < most) {
    const began = Date.now();
    const letters = await queue.receive(Math.min(MOST_AT_ONCE, rate, most - done));
    if (letters.length === 0) return done;
    done += await redriveEach(queue, letters);
    process.stdout.write(`› ${done} of ${most}\n`);
    const due = (letters.length / rate) * 1_000 - (Date.now() - began);
    if (due > 0 && done < most) await pause(due);
  }
  return done;
}

/** One after another where they belong to sessions, whose order is the sessions'. @throws what the first failure was, once the others are given back */
async function redriveEach(queue: DeadLetterQueue, letters: readonly DeadLetter[]): Promise<number> {
  const inOrder = letters.some(({ message }) => message.sessionId !== undefined);
  const failed: DeadLetter[] = [];
  let first: Error | undefined;
  const one = async (letter: DeadLetter) => {
    if (first !== undefined && inOrder) {
      failed.push(letter);
      return;
    }
    try {
      await queue.redrive(letter);
    } catch (error) {
      first ??= error instanceof Error ? error : new Error(String(error));
      failed.push(letter);
    }
  };
  if (inOrder) for (const letter of letters) await one(letter);
  else await Promise.all(letters.map(one));
  if (first === undefined) return letters.length;
  await queue.giveBack(failed);
  throw first;
}
