import { setTimeout as pause } from "node:timers/promises";
import { ServiceBusClient } from "@azure/service-bus";
import { Failure, UsageError } from "../../../failure";
import { entitiesOf } from "../../../operator/entities";
import { type EntityCounts, messageCountsOf } from "../../../operator/message-counts";
import { MessageMover } from "../../../operator/message-mover";
import { serviceBusHost } from "../../../topology/names";
import { confirmed } from "../confirm";
import { refused, refuseOutside } from "../refusals";
import { hasDuplicateDetection, othersOf } from "../sending-to";
import type { NamespaceSituation } from "../situation";
import type { StampOnCall } from "../stamp-on-call";

export interface MoveOptions {
  /** Messages a second. */
  readonly rate: number;
  readonly allSubscriptions?: boolean;
  readonly plan?: boolean;
  readonly yes?: boolean;
}

const MOST_AT_ONCE = 50;
const RETRIES = { maxRetries: 2, retryDelayInMs: 500, timeoutInMs: 15_000 };

/**
 * Moves what waits in the former primary to the entities of the same name on the new one. Dead letters stay: a person has to look at them.
 *
 * @throws MissingRequirement outside the network; UsageError where other subscriptions would get copies
 */
export async function moveMessages(
  onCall: StampOnCall,
  from: NamespaceSituation,
  to: NamespaceSituation,
  options: MoveOptions,
): Promise<void> {
  const counts = await messageCountsOf(onCall.bus, from);
  if ("unread" in counts) throw new Failure(`${from.namespace} cannot be read (${counts.unread}): nothing was moved.`);
  const waiting = counts.value.filter((each) => each.total - each.deadLetter - each.transfer > 0);
  if (waiting.length === 0) return;
  say(planText(waiting, from, to, options, onCall));
  if (options.plan) return;
  const hosts = [from, to].map(({ namespace }) => serviceBusHost(namespace));
  await refuseOutside(hosts);
  refuseFanOut(waiting, onCall, options);
  if (!(await confirmed(`Move the messages of ${from.namespace} to ${to.namespace}?`, options.yes))) {
    say("Nothing was moved.");
    return;
  }
  const sources = (await entitiesOf(onCall.bus, from)).flatMap((entity) => entity.sources);
  const [source, target] = hosts.map(
    (host) => new ServiceBusClient(host, onCall.session.credential, { retryOptions: RETRIES }),
  );
  if (!source || !target) throw new Error("Two namespaces are needed.");
  try {
    for (const { entity } of waiting.filter((each) => !isTopic(each, onCall))) {
      let moved = 0;
      const mover = new MessageMover({
        from: source,
        to: target,
        entity,
        namespace: from.namespace,
        requiresSession: sources.some(({ path, requiresSession }) => path === entity && requiresSession),
        atOnce: Math.min(MOST_AT_ONCE, options.rate),
        pace: async (count, tookMs) => {
          moved += count;
          say(`› ${entity}: ${moved} moved`);
          const due = (count / options.rate) * 1_000 - tookMs;
          if (due > 0) await pause(due);
        },
      });
      try {
        await mover.moveActive();
        await mover.moveDeferred();
        await mover.moveScheduled();
      } catch (error) {
        throw refused(error, entity);
      }
      say(`✔ ${entity}: ${moved} moved to ${to.namespace}`);
    }
  } finally {
    await Promise.allSettled([source.close(), target.close()]);
  }
}

function planText(
  waiting: readonly EntityCounts[],
  from: NamespaceSituation,
  to: NamespaceSituation,
  { rate }: MoveOptions,
  { stamp }: StampOnCall,
): string {
  return [
    `Messages of ${from.namespace} are moved to the entities of the same name of ${to.namespace}, ${rate} a second at most:`,
    ...waiting.map((each) => {
      const count = each.total - each.deadLetter - each.transfer;
      if (stamp.topics.some(({ name }) => name.toLowerCase() === each.entity.toLowerCase()))
        return `  ${each.entity}: ${count} scheduled. A topic's scheduled messages cannot be moved: they come to its subscriptions when their time comes.`;
      const others = othersOf(each.entity, stamp);
      return [
        `  ${each.entity}: ${count}`,
        ...(others.length > 0 ? [`; copies go to ${others.join(", ")} too`] : []),
        ...(hasDuplicateDetection(each.entity, stamp)
          ? []
          : ["; it detects no duplicates: a move that is ended in the middle may leave a copy of some in both"]),
      ].join("");
    }),
    "  A copy keeps the message's id, session, properties, body and scheduled time. Its sequence number, enqueued time, delivery count and time to live begin anew; a deferred message becomes an active one. Its property operatorMoved says where it came from.",
    "  Dead letters stay where they are.",
    "",
  ].join("\n");
}

/** @throws UsageError where other subscriptions would get the copies, and nothing says that they may */
function refuseFanOut(
  waiting: readonly EntityCounts[],
  { stamp }: StampOnCall,
  { allSubscriptions }: MoveOptions,
): void {
  if (allSubscriptions) return;
  const [first] = waiting.filter(({ entity }) => othersOf(entity, stamp).length > 0);
  if (!first) return;
  throw new UsageError(
    `Service Bus sends to a topic, and not to one subscription: ${othersOf(first.entity, stamp).join(", ")} would get the messages of ${first.entity} once more. Nothing was moved. Let the consumers process them; if the others may have them: --all-subscriptions.`,
  );
}

function isTopic({ entity }: EntityCounts, { stamp }: StampOnCall): boolean {
  return stamp.topics.some(({ name }) => name.toLowerCase() === entity.toLowerCase());
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
