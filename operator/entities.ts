import type { EntityStatus, SBQueue, SBSubscription, ServiceBusManagementClient } from "@azure/arm-servicebus";
import type { NamespaceName } from "./service-bus-management";

/** What messages are received from: a queue or a subscription. */
export interface Source {
  /** `queue1`, `topic1/subscription1`. */
  readonly path: string;
  readonly requiresSession: boolean;
  /** Whether its messages go on to another entity. Service Bus lets no receiver at them. */
  readonly forwards: boolean;
  /** Whether its dead letters do. */
  readonly forwardsDeadLetters: boolean;
}

/** A queue or a topic of a namespace, with what is received from. */
export interface Entity {
  readonly kind: "queue" | "topic";
  readonly name: string;
  readonly sources: readonly Source[];
}

/** Every queue and topic that Resource Manager knows of a namespace. */
export async function entitiesOf(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
): Promise<readonly Entity[]> {
  const entities: Entity[] = [];
  for await (const queue of bus.queues.listByNamespace(resourceGroup, namespace)) {
    const { name = "" } = queue;
    entities.push({ kind: "queue", name, sources: [sourceOf(name, queue)] });
  }
  for await (const { name = "" } of bus.topics.listByNamespace(resourceGroup, namespace)) {
    const sources: Source[] = [];
    for await (const subscription of bus.subscriptions.listByTopic(resourceGroup, namespace, name))
      sources.push(sourceOf(`${name}/${subscription.name ?? ""}`, subscription));
    entities.push({ kind: "topic", name, sources });
  }
  return entities;
}

function sourceOf(path: string, entity: SBQueue | SBSubscription): Source {
  const { requiresSession = false, forwardTo = "", forwardDeadLetteredMessagesTo = "" } = entity;
  return {
    path,
    requiresSession,
    forwards: forwardTo !== "",
    forwardsDeadLetters: forwardDeadLetteredMessagesTo !== "",
  };
}

/** Closes an entity for senders. What it holds stays, and can be received. @returns what opens it again, as it was */
export async function closeForSenders(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
  { kind, name }: Entity,
): Promise<() => Promise<void>> {
  const own = kind === "queue" ? bus.queues : bus.topics;
  const before = await own.get(resourceGroup, namespace, name);
  const put = async (status: EntityStatus | undefined) => {
    await own.createOrUpdate(resourceGroup, namespace, name, {
      ...before,
      ...(status === undefined ? {} : { status }),
    });
  };
  if (before.status === "SendDisabled" || before.status === "Disabled") return () => Promise.resolve();
  await put("SendDisabled");
  return () => put(before.status);
}

/** Deletes a queue, or a topic with its subscriptions, and every message that they hold. */
export async function deleteEntity(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
  { kind, name }: Entity,
): Promise<void> {
  if (kind === "queue") await bus.queues.delete(resourceGroup, namespace, name);
  else await bus.topics.delete(resourceGroup, namespace, name);
}
