import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "../../../failure";
import { type DeadLetter, DeadLetterQueue } from "../../../operator/dead-letter-queue";
import { eachMessage } from "../../../operator/each-message";
import { entitiesOf } from "../../../operator/entities";
import { Uncopyable } from "../../../operator/message-copy";
import { confirmed } from "../confirm";
import { refused, refuseOutside } from "../refusals";
import { refuseWhatChanges, type SendingOptions, type Target, targetOf, throughText } from "../sending-to";
import type { DeadLettered } from "./entities";
import { oneEntity, type OneEntityOptions } from "./one-entity";

export interface RedriveOptions extends OneEntityOptions, SendingOptions {
  /** Messages a second. */
  readonly rate: number;
  /** At most so many. @default as many as there are when the command begins */
  readonly count?: number;
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
  const target = targetOf(await entitiesOf(onCall.bus, found.own), found.entity);
  if (!target) throw new Failure(`${found.entity} is not in ${found.own.namespace} any more.`);
  const most = Math.min(options.count ?? found.count, found.count);
  process.stdout.write(planText(found, target, most, options));
  if (options.plan) return;
  await refuseOutside([found.host]);
  refuseWhatChanges(target, options);
  if (!(await confirmed(`Send ${most} dead letters of ${found.entity} again?`, options.yes))) {
    process.stdout.write("Nothing was changed.\n");
    return;
  }
  const queue = new DeadLetterQueue(onCall.session, found.host, found.entity, found.kept);
  try {
    await queue.checkRights();
    const { done, stayed } = await redriveSome(queue, most, options.rate);
    const check = `Check with npm run dead-letters -- list ${found.entity}: a message that fails again is dead-lettered again.`;
    process.stdout.write(`✔ ${done} sent again to ${target.name} of ${found.own.namespace}\n\n${check}\n`);
    refuseRest(most - done, stayed);
  } catch (error) {
    throw error instanceof Failure ? error : refused(error, found.entity);
  } finally {
    await queue.close();
  }
}

function planText(found: DeadLettered, target: Target, most: number, { rate }: RedriveOptions): string {
  return [
    `${found.entity} of ${found.own.namespace} has ${found.count} dead letters. ${most} of them are sent again to ${target.name}, ${rate} a second at most. This needs the network.`,
    "  Each copy has a message id of its own. The sender's id is in its property producerIds, where it came from in operatorRedriven. Its delivery count, sequence number and enqueued time are new.",
    ...throughText(target).map((line) => `  ${line}`),
    "",
    "",
  ].join("\n");
}

/** @throws Failure where not all were sent */
function refuseRest(left: number, stayed: readonly string[]): void {
  if (stayed.length > 0) {
    throw new Failure(
      `${stayed.length} cannot be copied as they are, and stay: ${stayed.slice(0, 5).join("; ")}${stayed.length > 5 ? "; …" : ""}. npm run dead-letters -- export keeps them in a file.`,
    );
  }
  if (left > 0) {
    throw new Failure(
      `${left} were not received: another receiver holds them, or a command that was ended did. Run the command again when their locks have ended, in five minutes at most.`,
    );
  }
}

async function redriveSome(
  queue: DeadLetterQueue,
  most: number,
  rate: number,
): Promise<{ readonly done: number; readonly stayed: readonly string[] }> {
  const kept: DeadLetter[] = [];
  const stayed: string[] = [];
  let [done, tried] = [0, 0];
  try {
    while (tried < most) {
      const began = Date.now();
      const letters = await queue.receive(Math.min(MOST_AT_ONCE, rate, most - tried));
      if (letters.length === 0) break;
      tried += letters.length;
      const before = kept.length;
      await eachMessage(letters, {
        inOrder: letters.some(({ message }) => message.sessionId !== undefined),
        work: async (letter) => {
          try {
            await queue.redrive(letter);
          } catch (error) {
            if (!(error instanceof Uncopyable)) throw error;
            // It stays locked until the end, so that it is not received again.
            kept.push(letter);
            stayed.push(`${letter.messageId}: ${error.message}`);
          }
        },
        giveBack: (left) => queue.giveBack(left),
      });
      done += letters.length - (kept.length - before);
      process.stdout.write(`› ${done} of ${most}\n`);
      const due = (letters.length / rate) * 1_000 - (Date.now() - began);
      if (due > 0 && tried < most) await pause(due);
    }
  } finally {
    await queue.giveBack(kept);
  }
  return { done, stayed };
}
