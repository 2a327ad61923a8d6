import type { EntityStatus, ServiceBusManagementClient } from "@azure/arm-servicebus";
import type { NamespaceName } from "./service-bus-management";

/** A queue or a topic of a namespace, with what receives from it. */
export interface Entity {
  readonly kind: "queue" | "topic";
  readonly name: string;
  /** Where messages are received from: `queue1`, or `topic1/subscription1` for each subscription. */
  readonly receivedFrom: readonly string[];
  readonly requiresSession: ReadonlySet<string>;
}

/** Every queue and topic that Resource Manager knows of a namespace. */
export async function entitiesOf(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
): Promise<readonly Entity[]> {
  const entities: Entity[] = [];
  for await (const { name = "", requiresSession } of bus.queues.listByNamespace(resourceGroup, namespace))
    entities.push({
      kind: "queue",
      name,
      receivedFrom: [name],
      requiresSession: new Set(requiresSession ? [name] : []),
    });
  for await (const { name = "" } of bus.topics.listByNamespace(resourceGroup, namespace)) {
    const receivedFrom: string[] = [];
    const requiresSession = new Set<string>();
    for await (const subscription of bus.subscriptions.listByTopic(resourceGroup, namespace, name)) {
      const path = `${name}/${subscription.name ?? ""}`;
      receivedFrom.push(path);
      if (subscription.requiresSession) requiresSession.add(path);
    }
    entities.push({ kind: "topic", name, receivedFrom, requiresSession });
  }
  return entities;
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

/** Deletes a queue, or a topic with its subscriptions, with every message that they hold. */
export async function deleteEntity(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
  { kind, name }: Entity,
): Promise<void> {
  if (kind === "queue") await bus.queues.delete(resourceGroup, namespace, name);
  else await bus.topics.delete(resourceGroup, namespace, name);
}
