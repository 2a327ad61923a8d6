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
  /** Whether no receiver is let in, so that it cannot be looked into. */
  readonly isClosed: boolean;
  /** The names of rules that do not let every message through as it is. A queue has none. */
  readonly rules: readonly string[];
}

/** A queue or a topic of a namespace, with what is received from. */
export interface Entity {
  readonly kind: "queue" | "topic";
  readonly name: string;
  readonly detectsDuplicates: boolean;
  readonly sources: readonly Source[];
}

/** Every queue and topic that Resource Manager knows of a namespace. */
export async function entitiesOf(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
): Promise<readonly Entity[]> {
  const entities: Entity[] = [];
  for await (const queue of bus.queues.listByNamespace(resourceGroup, namespace)) {
    const { name = "", requiresDuplicateDetection: detectsDuplicates = false } = queue;
    entities.push({ kind: "queue", name, detectsDuplicates, sources: [sourceOf(name, queue, [])] });
  }
  for await (const topic of bus.topics.listByNamespace(resourceGroup, namespace)) {
    const { name = "", requiresDuplicateDetection: detectsDuplicates = false } = topic;
    const sources: Source[] = [];
    for await (const subscription of bus.subscriptions.listByTopic(resourceGroup, namespace, name)) {
      const { name: own = "" } = subscription;
      const rules = await rulesOf(bus, { resourceGroup, namespace }, name, own);
      sources.push(sourceOf(`${name}/${own}`, subscription, rules));
    }
    entities.push({ kind: "topic", name, detectsDuplicates, sources });
  }
  return entities;
}

/** A rule without an action whose filter is always true leaves a message as it is. */
async function rulesOf(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
  topic: string,
  subscription: string,
): Promise<string[]> {
  const choosing: string[] = [];
  for await (const rule of bus.rules.listBySubscriptions(resourceGroup, namespace, topic, subscription)) {
    const expression = (rule.sqlFilter?.sqlExpression ?? "").replace(/\s/g, "");
    const isOpen = rule.filterType !== "CorrelationFilter" && /^(1=1|true)$/i.test(expression);
    if (!isOpen || (rule.action?.sqlExpression ?? "") !== "") choosing.push(rule.name ?? "");
  }
  return choosing;
}

function sourceOf(path: string, entity: SBQueue | SBSubscription, rules: readonly string[]): Source {
  const { requiresSession = false, forwardTo = "", forwardDeadLetteredMessagesTo = "", status } = entity;
  return {
    path,
    requiresSession,
    forwards: forwardTo !== "",
    forwardsDeadLetters: forwardDeadLetteredMessagesTo !== "",
    isClosed: status === "Disabled" || status === "ReceiveDisabled",
    rules,
  };
}

/**
 * Lets an entity take messages, or shuts senders out. What it holds stays, and can be received.
 *
 * @param status `SendDisabled` lets receivers in even where it was `Disabled`
 */
export async function setStatus(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
  { kind, name }: Pick<Entity, "kind" | "name">,
  status: EntityStatus,
): Promise<void> {
  const own = kind === "queue" ? bus.queues : bus.topics;
  const before = await own.get(resourceGroup, namespace, name);
  if (before.status === status) return;
  await own.createOrUpdate(resourceGroup, namespace, name, { ...before, status });
}

/** Lets receivers at a subscription, whose topic is closed for senders. */
export async function openSubscription(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
  path: string,
): Promise<void> {
  const [topic = "", name = ""] = path.split("/");
  const before = await bus.subscriptions.get(resourceGroup, namespace, topic, name);
  await bus.subscriptions.createOrUpdate(resourceGroup, namespace, topic, name, { ...before, status: "Active" });
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
