import { setTimeout as pause } from "node:timers/promises";
import type { ServiceBusClient } from "@azure/service-bus";
import { Failure } from "../../../failure";
import { entitiesOf } from "../../../operator/entities";
import { type EntityCounts, messageCountsOf } from "../../../operator/message-counts";
import { MessageMover } from "../../../operator/message-mover";
import { checkRights, receiverOf, senderTo, serviceBusClient } from "../../../operator/links";
import { serviceBusHost } from "../../../topology/names";
import { confirmed } from "../confirm";
import { refused, refuseOutside } from "../refusals";
import { refuseWhatChanges, type SendingOptions, type Target, targetOf, throughText } from "../sending-to";
import type { NamespaceSituation } from "../situation";
import type { StampOnCall } from "../stamp-on-call";

export interface MoveOptions extends SendingOptions {
  /** Messages a second. */
  readonly rate: number;
  readonly plan?: boolean;
  readonly yes?: boolean;
}

const MOST_AT_ONCE = 50;

/** An entity of the former primary with messages, and what its copies go through on the new one. */
interface Waiting {
  readonly entity: string;
  readonly count: number;
  readonly target: Target;
}

/**
 * Moves what waits in the former primary to the entities of the same name on the new one. Dead letters stay: a person has to look at them.
 *
 * @throws MissingRequirement outside the network; UsageError where other subscriptions would get copies, or rules apply again; Failure where something could not be moved
 */
export async function moveMessages(
  onCall: StampOnCall,
  from: NamespaceSituation,
  to: NamespaceSituation,
  options: MoveOptions,
): Promise<void> {
  const { bus, session } = onCall;
  const counts = await messageCountsOf(bus, from);
  if ("unread" in counts)
    throw new Failure(`${from.namespace} cannot be read (${counts.unread}): no message was moved.`);
  const [sources, targets] = await Promise.all([entitiesOf(bus, from), entitiesOf(bus, to)]);
  const { waiting, staying } = whatWaits(counts.value, (entity) => {
    const source = targetOf(sources, entity);
    return source && !source.source.forwards ? targetOf(targets, entity) : undefined;
  });
  for (const { entity, count } of staying) say(stayText(entity, count));
  if (waiting.length === 0) return;
  say(planText(waiting, from, to, options));
  if (options.plan) return;
  const hosts = [from, to].map(({ namespace }) => serviceBusHost(namespace));
  await refuseOutside(hosts);
  for (const { target } of waiting) refuseWhatChanges(target, options);
  if (!(await confirmed(`Move the messages of ${from.namespace} to ${to.namespace}?`, options.yes))) {
    say("No message was moved.");
    return;
  }
  const [source, sink] = hosts.map((host) => serviceBusClient(session, host));
  if (!source || !sink) throw new Error("Two namespaces are needed.");
  try {
    await checkEach(waiting, source, sink);
    for (const each of waiting) await moveOne(each, { source, sink, namespace: from.namespace, rate: options.rate });
  } finally {
    await Promise.allSettled([source.close(), sink.close()]);
  }
}

/** What is dead-lettered or in transfer is not moved; a topic's scheduled messages, and those of entities that the new primary does not have, stay too. */
function whatWaits(
  counts: readonly EntityCounts[],
  targetFor: (entity: string) => Target | undefined,
): {
  readonly waiting: readonly Waiting[];
  readonly staying: readonly { readonly entity: string; readonly count: number }[];
} {
  const found = counts
    .map(({ entity, total, deadLetter, transfer }) => ({ entity, count: total - deadLetter - transfer }))
    .filter(({ count }) => count > 0)
    .map((each) => ({ ...each, target: targetFor(each.entity) }));
  return {
    waiting: found.flatMap(({ entity, count, target }) => (target ? [{ entity, count, target }] : [])),
    staying: found.filter(({ target }) => !target),
  };
}

function stayText(entity: string, count: number): string {
  return entity.includes("/")
    ? `✖ ${entity}: ${count} stay, because the new primary has no such subscription`
    : `✖ ${entity}: ${count} stay. A topic's scheduled messages cannot be moved, they come to its subscriptions when their time comes; nor can those of an entity that the new primary does not have, or that forwards.`;
}

/** Before any message is moved. @throws Failure where a right is missing */
async function checkEach(waiting: readonly Waiting[], source: ServiceBusClient, sink: ServiceBusClient): Promise<void> {
  for (const { entity, target } of waiting) {
    const [receiver, sender] = [receiverOf(source, entity), senderTo(sink, target.name)];
    try {
      await checkRights(receiver, sender);
    } catch (error) {
      throw refused(error, entity);
    } finally {
      await Promise.allSettled([receiver.close(), sender.close()]);
    }
  }
}

async function moveOne(
  { entity, target }: Waiting,
  {
    source,
    sink,
    namespace,
    rate,
  }: { source: ServiceBusClient; sink: ServiceBusClient; namespace: string; rate: number },
): Promise<void> {
  let moved = 0;
  const stayed: string[] = [];
  const mover = new MessageMover({
    from: source,
    to: sink,
    entity,
    namespace,
    requiresSession: target.source.requiresSession,
    atOnce: Math.min(MOST_AT_ONCE, rate),
    pace: async (count, tookMs) => {
      if (count === 0) return;
      moved += count;
      say(`› ${entity}: ${moved} moved`);
      const due = (count / rate) * 1_000 - tookMs;
      if (due > 0) await pause(due);
    },
    stays: ({ messageId }, why) => stayed.push(`${String(messageId)}: ${why}`),
  });
  try {
    await mover.move();
  } catch (error) {
    throw new Failure(
      `${moved} were moved, then: ${refused(error, entity).message} Run the command again: it goes on.`,
    );
  }
  say(`✔ ${entity}: ${moved} moved`);
  if (stayed.length > 0)
    say(`✖ ${entity}: ${stayed.length} stay: ${stayed.slice(0, 5).join("; ")}${stayed.length > 5 ? "; …" : ""}`);
}

function planText(
  waiting: readonly Waiting[],
  from: NamespaceSituation,
  to: NamespaceSituation,
  { rate }: MoveOptions,
): string {
  return [
    `Messages of ${from.namespace} are moved to the entities of the same name of ${to.namespace}, ${rate} a second at most. This needs the network.`,
    ...waiting.flatMap(({ entity, count, target }) => [
      `  ${entity}: ${count}`,
      ...throughText(target).map((line) => `    ${line}`),
      ...(target.source.requiresSession ? ["    The state of its sessions is not moved."] : []),
    ]),
    "  A copy keeps the message's id, session, properties, body and scheduled time. Its sequence number, enqueued time, delivery count and time to live begin anew; a deferred message becomes an active one. Its property operatorMoved says where it came from.",
    "  Where several messages of an entity have one id, each copy has an id of its own, and the sender's id in its property producerIds.",
    `  Consumers of ${from.region.location} go on meanwhile: if the command is ended in the middle, one may process a message whose copy is in ${to.namespace} already.`,
    "  Dead letters stay where they are.",
    "",
  ].join("\n");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
