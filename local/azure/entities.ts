import { secondsOf } from "../../topology/fields";
import { armId } from "../../synthesized/arm-id";
import type { Block, SynthesizedStack } from "../../synthesized/cdktf-out";
import { all, blocks, type Located, referred, textOf } from "../../synthesized/resources";
import type {
  CorrelationFilter,
  EntityDefinitions,
  QueueDefinition,
  QueueSettings,
  RuleDefinition,
  SubscriptionDefinition,
  TopicDefinition,
} from "./messaging";

/** Longer than any run: Service Bus' longest time span, which means never, is longer still. */
const LONGEST_MS = 100 * 365 * 86_400_000;

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
    ...(typeof sql_filter === "string" ? { sqlFilter: sql_filter } : {}),
    ...(correlation ? { correlationFilter: correlationOf(correlation) } : {}),
    ...(typeof action === "string" ? { action } : {}),
  };
}

function correlationOf(block: Block): CorrelationFilter {
  const camel = Object.entries(block).map(([key, value]) => [
    key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(camel) as CorrelationFilter;
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
  if (typeof value !== "number") throw new Error(`${String(block.name)} has no ${key}: the stacks set every one.`);
  return value;
}

function duration(block: Block, key: string): number {
  const seconds = secondsOf(String(block[key]));
  if (seconds === undefined) throw new Error(`${String(block.name)} has no ${key}: the stacks set every one.`);
  return seconds * 1000 > LONGEST_MS ? Infinity : seconds * 1000;
}

/** Every namespace that the stacks declare. */
export function namespacesOf(stacks: readonly SynthesizedStack[]): { id: string; name: string; location: string }[] {
  return all(stacks, "azurerm_servicebus_namespace").map((namespace) => ({
    id: armId(namespace),
    name: textOf(namespace, "name"),
    location: textOf(namespace, "location"),
  }));
}
