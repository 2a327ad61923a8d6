import { CONSUMER_SOURCES, type ConsumerSource } from "../functions/consumer/sources";
import { PRODUCER_ENTITIES, type ProducerEntity } from "../functions/producer/entities";
import type { Stamp } from "../topology/schema";

/** What the producer may send to: the topology's queues and topics. */
export function producerSettings({ queues, topics }: Stamp): Record<string, string> {
  const entities: ProducerEntity[] = [
    ...queues.map(({ name, maxMessageSizeInKilobytes, requiresSession }) => ({
      name,
      maxMessageBytes: maxMessageSizeInKilobytes * 1024,
      requiresSession,
    })),
    ...topics.map(({ name, maxMessageSizeInKilobytes, subscriptions }) => ({
      name,
      maxMessageBytes: maxMessageSizeInKilobytes * 1024,
      // A subscription with sessions drops what comes without a session id.
      requiresSession: subscriptions.some((subscription) => subscription.requiresSession),
    })),
  ];
  return { [PRODUCER_ENTITIES]: JSON.stringify(entities) };
}

/** What the consumer takes from: every queue and subscription that keeps its messages. One that forwards has none to take. */
export function consumerSettings({ queues, topics }: Stamp): Record<string, string> {
  const sources: ConsumerSource[] = [
    ...queues
      .filter(({ forwardTo }) => forwardTo === undefined)
      .map(({ name, requiresSession }) => ({ queue: name, requiresSession })),
    ...topics.flatMap((topic) =>
      topic.subscriptions
        .filter(({ forwardTo }) => forwardTo === undefined)
        .map(({ name, requiresSession }) => ({ topic: topic.name, subscription: name, requiresSession })),
    ),
  ];
  return { [CONSUMER_SOURCES]: JSON.stringify(sources) };
}
