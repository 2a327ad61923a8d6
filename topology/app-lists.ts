import type { ConsumerSource } from "../functions/consumer/sources";
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

/** What the consumer takes from: every queue and subscription that keeps its messages and hands them out. */
export function consumerSourcesOf(stamp: Stamp): ConsumerSource[] {
  return [
    ...queuesOf(stamp)
      .filter(handsOut)
      .map(({ name, ...settings }) => ({ queue: name, ...sourceSettings(settings) })),
    ...stamp.topics
      .filter(({ status }) => status !== "Disabled")
      .flatMap((topic) =>
        topic.subscriptions
          .filter(handsOut)
          .map(({ name, ...settings }) => ({ topic: topic.name, subscription: name, ...sourceSettings(settings) })),
      ),
  ];
}

/** The queues that the consumer sends to itself: copies of what it puts off, where that keeps no order, and what it refuses. */
export function consumerTargetsOf(stamp: Stamp): string[] {
  return [
    ...consumerSourcesOf(stamp).flatMap((source) =>
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

function handsOut({ forwardTo, status }: { readonly forwardTo?: string; readonly status: string }): boolean {
  return forwardTo === undefined && status !== "Disabled" && status !== "ReceiveDisabled";
}
