import { type ConsumerSource, sourceName } from "../functions/consumer/sources";
import type { ProducerEntity } from "../functions/producer/entities";
import { requiresSession } from "./forwarding";
import type { Stamp } from "./schema";
import { secondsOf } from "./time-span";

/** What the producer may send to: the topology's queues and topics. One that is paused takes nothing until it is active again. */
export function producerEntitiesOf(stamp: Stamp): ProducerEntity[] {
  return [...queuesOf(stamp), ...stamp.topics].map(({ name, status, maxMessageSizeInKilobytes }) => ({
    name,
    maxMessageBytes: maxMessageSizeInKilobytes * 1024,
    requiresSession: requiresSession(stamp, name),
    ...(status === "Disabled" || status === "SendDisabled" ? { paused: true } : {}),
  }));
}

/** What one consumer takes from: a further one what the topology says, the first one all others. */
export function sourcesOf(stamp: Stamp, consumer?: string): ConsumerSource[] {
  return shareOf(stamp, consumerSourcesOf(stamp), consumer);
}

/** The same, with what is paused: it is taken from again once it is active. */
export function declaredSourcesOf(stamp: Stamp, consumer?: string): ConsumerSource[] {
  return shareOf(stamp, sourcesWhere(stamp, isKept), consumer);
}

/** What consumers take from: every queue and subscription that keeps its messages and hands them out. */
export function consumerSourcesOf(stamp: Stamp): ConsumerSource[] {
  return sourcesWhere(stamp, (entity) => isKept(entity) && !["Disabled", "ReceiveDisabled"].includes(entity.status));
}

function shareOf(stamp: Stamp, sources: readonly ConsumerSource[], consumer?: string): ConsumerSource[] {
  const named = (takes: readonly string[]) => new Set(takes.map((name) => name.toLowerCase()));
  const others = named(stamp.consumers.flatMap(({ takes }) => takes));
  const own = named(stamp.consumers.find(({ name }) => name === consumer)?.takes ?? []);
  return sources.filter((source) => {
    const name = sourceName(source).toLowerCase();
    return consumer === undefined ? !others.has(name) : own.has(name);
  });
}

/** A topic hands on to subscriptions where it is not disabled itself. */
function sourcesWhere(stamp: Stamp, isMeant: (entity: Entity) => boolean): ConsumerSource[] {
  const queues = queuesOf(stamp).filter(isMeant);
  const topics = stamp.topics.filter(({ status }) => isMeant({ status: status === "Disabled" ? status : "Active" }));
  return [
    ...queues.map(({ name, ...settings }) => ({ queue: name, ...sourceSettings(settings) })),
    ...topics.flatMap((topic) =>
      topic.subscriptions
        .filter(isMeant)
        .map(({ name, ...settings }) => ({ topic: topic.name, subscription: name, ...sourceSettings(settings) })),
    ),
  ];
}

/** The queues that a consumer sends to itself: copies of what it puts off, where that keeps no order, and what it refuses. */
export function consumerTargetsOf(stamp: Stamp, consumer?: string): string[] {
  return [
    ...declaredSourcesOf(stamp, consumer).flatMap((source) =>
      "queue" in source && !source.requiresSession ? [source.queue] : [],
    ),
    ...(stamp.refusedMessages === undefined ? [] : [stamp.refusedMessages]),
  ];
}

/** Those that take posts and have a trigger. */
function queuesOf({ queues, refusedMessages }: Stamp): Stamp["queues"] {
  return queues.filter(({ name }) => name.toLowerCase() !== refusedMessages?.toLowerCase());
}

function sourceSettings({ requiresSession, lockDuration }: { requiresSession: boolean; lockDuration: string }) {
  return { requiresSession, lockSeconds: Math.floor(secondsOf(lockDuration) ?? 0) };
}

interface Entity {
  readonly forwardTo?: string;
  readonly status: string;
}

function isKept({ forwardTo }: Entity): boolean {
  return forwardTo === undefined;
}
