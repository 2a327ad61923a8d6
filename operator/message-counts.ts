import type { MessageCountDetails, ServiceBusManagementClient } from "@azure/arm-servicebus";
import { type NamespaceName, type Read, read } from "./service-bus-management";

/** How many messages an entity holds, as Resource Manager counts them: some seconds late. */
export interface EntityCounts {
  /** `queue1`, `topic1/subscription1`; `topic1` where the topic itself holds scheduled messages. */
  readonly entity: string;
  readonly active: number;
  readonly scheduled: number;
  readonly deadLetter: number;
  /** On their way to where the entity forwards to, and those of them that could not be handed on. */
  readonly transfer: number;
  /** Those of them that could not be handed on. */
  readonly transferDeadLetter: number;
  /** All of them, deferred ones too. */
  readonly total: number;
}

/** Every queue and subscription of a namespace with its messages. */
export async function messageCountsOf(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
): Promise<Read<readonly EntityCounts[]>> {
  return await read(async () => {
    const counts: EntityCounts[] = [];
    for await (const { name = "", countDetails, messageCount } of bus.queues.listByNamespace(resourceGroup, namespace))
      counts.push(countsOf(name, countDetails, messageCount));
    for await (const { name: topic = "", countDetails } of bus.topics.listByNamespace(resourceGroup, namespace)) {
      // A topic keeps what is scheduled, until its time comes.
      if ((countDetails?.scheduledMessageCount ?? 0) > 0) counts.push(countsOf(topic, countDetails, undefined));
      const subscriptions = bus.subscriptions.listByTopic(resourceGroup, namespace, topic);
      for await (const { name = "", countDetails, messageCount } of subscriptions)
        counts.push(countsOf(`${topic}/${name}`, countDetails, messageCount));
    }
    return counts;
  });
}

function countsOf(entity: string, details: MessageCountDetails | undefined, total: number | undefined): EntityCounts {
  const active = details?.activeMessageCount ?? 0;
  const scheduled = details?.scheduledMessageCount ?? 0;
  const deadLetter = details?.deadLetterMessageCount ?? 0;
  const transferDeadLetter = details?.transferDeadLetterMessageCount ?? 0;
  const transfer = (details?.transferMessageCount ?? 0) + transferDeadLetter;
  return {
    entity,
    active,
    scheduled,
    deadLetter,
    transfer,
    transferDeadLetter,
    total: Math.max(total ?? 0, active + scheduled + deadLetter + transfer),
  };
}
