import { armId } from "../../synthesized/arm-id";
import type { Block, SynthesizedStack } from "../../synthesized/cdktf-out";
import { all, blocks, type Located, referred, textOf } from "../../synthesized/resources";
import { Failure } from "../../failure";
import { literally, literalOf } from "../../topology/terraform-text";
import type { Namespace } from "./azure";
import { millisecondsOf } from "./durations";
import type {
  CorrelationFilter,
  EntityDefinitions,
  QueueDefinition,
  QueueSettings,
  RuleDefinition,
  Shown,
  SubscriptionDefinition,
  TopicDefinition,
} from "./messaging";

/** The queues and topics that the stacks declare on a namespace. */
export function entitiesOn(stacks: readonly SynthesizedStack[], namespaceId: string): EntityDefinitions {
  const on = (resource: Located) => textOf(resource, "namespace_id").toLowerCase() === namespaceId.toLowerCase();
  return {
    queues: all(stacks, "azurerm_servicebus_queue").filter(on).map(queueOf),
    topics: all(stacks, "azurerm_servicebus_topic")
      .filter(on)
      .map((topic) => topicOf(stacks, topic)),
  };
}

function queueOf(queue: Located): QueueDefinition {
  return { name: textOf(queue, "name"), ...settingsOf(queue.block) };
}

function topicOf(stacks: readonly SynthesizedStack[], topic: Located): TopicDefinition {
  const { block } = topic;
  return {
    name: textOf(topic, "name"),
    status: statusOf(block),
    maxSizeBytes: number(block, "max_size_in_megabytes") * 1_048_576,
    maxMessageBytes: number(block, "max_message_size_in_kilobytes") * 1024,
    timeToLiveMs: duration(block, "default_message_ttl"),
    ...duplicates(block),
    shown: { ...shown(block), supportOrdering: block.support_ordering === true },
    subscriptions: all(stacks, "azurerm_servicebus_subscription")
      .filter((subscription) => belongsTo(subscription, "topic_id", topic))
      .map((subscription) => subscriptionOf(stacks, subscription, block)),
  };
}

function subscriptionOf(
  stacks: readonly SynthesizedStack[],
  subscription: Located,
  topic: Block,
): SubscriptionDefinition {
  return {
    name: textOf(subscription, "name"),
    // A subscription's size and messages are bounded by its topic's.
    ...settingsOf({ ...topic, requires_duplicate_detection: false, ...subscription.block }),
    deadLetterOnFilterError: subscription.block.dead_lettering_on_filter_evaluation_error === true,
    rules: all(stacks, "azurerm_servicebus_subscription_rule")
      .filter((rule) => belongsTo(rule, "subscription_id", subscription))
      .map(ruleOf),
  };
}

function ruleOf(rule: Located): RuleDefinition {
  const { sql_filter, action } = rule.block;
  const [correlation] = blocks(rule.block, "correlation_filter");
  return {
    name: textOf(rule, "name"),
    ...(typeof sql_filter === "string" ? { sqlFilter: literalOf(sql_filter) } : {}),
    ...(correlation ? { correlationFilter: correlationOf(correlation) } : {}),
    ...(typeof action === "string" ? { action: literalOf(action) } : {}),
  };
}

function correlationOf(block: Block): CorrelationFilter {
  const camel = Object.entries(block).map(([key, value]) => [
    key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return literally(Object.fromEntries(camel)) as CorrelationFilter;
}

function settingsOf(block: Block): QueueSettings {
  return {
    status: statusOf(block),
    lockDurationMs: duration(block, "lock_duration"),
    maxDeliveryCount: number(block, "max_delivery_count"),
    maxSizeBytes: number(block, "max_size_in_megabytes") * 1_048_576,
    maxMessageBytes: number(block, "max_message_size_in_kilobytes") * 1024,
    timeToLiveMs: duration(block, "default_message_ttl"),
    deadLetterOnExpiration: block.dead_lettering_on_message_expiration === true,
    ...duplicates(block),
    requiresSession: block.requires_session === true,
    ...(typeof block.forward_to === "string" ? { forwardTo: block.forward_to } : {}),
    ...(typeof block.forward_dead_lettered_messages_to === "string"
      ? { forwardDeadLetteredTo: block.forward_dead_lettered_messages_to }
      : {}),
    shown: shown(block),
  };
}

function shown(block: Block): Shown {
  return {
    enableBatchedOperations: block.batched_operations_enabled !== false,
    enablePartitioning: block.partitioning_enabled === true,
    ...(typeof block.duplicate_detection_history_time_window === "string"
      ? { duplicateDetectionHistoryTimeWindow: block.duplicate_detection_history_time_window }
      : {}),
  };
}

function duplicates(block: Block): { duplicateWindowMs?: number } {
  return block.requires_duplicate_detection === true
    ? { duplicateWindowMs: duration(block, "duplicate_detection_history_time_window") }
    : {};
}

function belongsTo(child: Located, key: string, parent: Located): boolean {
  const target = referred(child, child.block[key]);
  return (
    target !== undefined && target.stack === parent.stack && target.type === parent.type && target.id === parent.id
  );
}

function statusOf(block: Block): QueueSettings["status"] {
  return (block.status as QueueSettings["status"] | undefined) ?? "Active";
}

function number(block: Block, key: string): number {
  const value = block[key];
  if (typeof value !== "number") throw incomplete(block, key);
  return value;
}

function duration(block: Block, key: string): number {
  const milliseconds = millisecondsOf(String(block[key]));
  if (milliseconds === undefined) throw incomplete(block, key);
  return milliseconds;
}

function incomplete(block: Block, key: string): Failure {
  return new Failure(
    `${String(block.name)} has no ${key} in the stacks, which set every one: synthesize again, npm run synth.`,
  );
}

/** Every namespace that the stacks declare. */
export function namespacesOf(stacks: readonly SynthesizedStack[]): Namespace[] {
  return all(stacks, "azurerm_servicebus_namespace").map((namespace) => ({
    id: armId(namespace),
    name: textOf(namespace, "name"),
    location: textOf(namespace, "location"),
    units: number(namespace.block, "capacity"),
    partitions: number(namespace.block, "premium_messaging_partitions"),
  }));
}
