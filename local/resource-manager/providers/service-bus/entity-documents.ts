import { millisecondsOf, timeSpanOf } from "../../../azure/durations";
import { type ArmDocument, type Body, bodyOf, propertiesOf, stringOf } from "../../../azure/document";
import type { MessageCounts } from "../../../azure/message-counts";
import { rulesIn } from "../../../azure/rules";
import type {
  QueueDefinition,
  QueueSettings,
  RuleDefinition,
  Shown,
  SubscriptionDefinition,
  TopicDefinition,
} from "../../../azure/messaging";

/** Service Bus' own types of entities. */
export const QUEUES = "Microsoft.ServiceBus/namespaces/queues";
export const TOPICS = "Microsoft.ServiceBus/namespaces/topics";
export const SUBSCRIPTIONS = "Microsoft.ServiceBus/namespaces/topics/subscriptions";
export const RULES = "Microsoft.ServiceBus/namespaces/topics/subscriptions/rules";

/** The defaults of a write (learn.microsoft.com/rest/api/servicebus/controlplane-stable/queues/create-or-update). */
const DEFAULTS = { lockDuration: 60_000, maxDeliveryCount: 10, megabytes: 1024 };
const ALWAYS_SHOWN: Shown = {
  enableBatchedOperations: true,
  enableExpress: false,
  enablePartitioning: false,
  autoDeleteOnIdle: timeSpanOf(Infinity),
  duplicateDetectionHistoryTimeWindow: "PT10M",
};

/** What is kept as it was written, because nothing here acts on it. */
const KEPT = [
  "enableBatchedOperations",
  "enableExpress",
  "enablePartitioning",
  "supportOrdering",
  "isClientAffine",
  "userMetadata",
] as const;

/** @param mostKilobytes the largest message, where the body names none */
export function queueFrom(name: string, body: Body, mostKilobytes: number): QueueDefinition {
  return { name, ...settingsFrom(propertiesOf(body), mostKilobytes) };
}

export function topicFrom(
  name: string,
  body: Body,
  subscriptions: TopicDefinition["subscriptions"],
  mostKilobytes: number,
): TopicDefinition {
  const properties = propertiesOf(body);
  return {
    name,
    status: statusFrom(properties),
    ...sizesFrom(properties, mostKilobytes),
    timeToLiveMs: span(properties, "defaultMessageTimeToLive", Infinity),
    ...duplicatesFrom(properties),
    subscriptions,
    shown: shownFrom(properties),
  };
}

export function subscriptionFrom(
  name: string,
  body: Body,
  topic: TopicDefinition,
  rules: readonly RuleDefinition[],
): SubscriptionDefinition {
  const properties = propertiesOf(body);
  const { duplicateWindowMs: _ofTheTopic, ...settings } = settingsFrom(properties, topic.maxMessageBytes / 1024);
  return {
    name,
    ...settings,
    maxSizeBytes: topic.maxSizeBytes,
    maxMessageBytes: topic.maxMessageBytes,
    deadLetterOnFilterError: properties.deadLetteringOnFilterEvaluationExceptions !== false,
    rules,
  };
}

export function ruleFrom(name: string, body: Body): RuleDefinition {
  const properties = propertiesOf(body);
  const action = stringOf(bodyOf(properties, "action"), "sqlExpression");
  const correlation = bodyOf(properties, "correlationFilter");
  return {
    name,
    ...(properties.filterType === "CorrelationFilter"
      ? { correlationFilter: correlation }
      : { sqlFilter: stringOf(bodyOf(properties, "sqlFilter"), "sqlExpression") ?? "1=1" }),
    ...(action === undefined || action === "" ? {} : { action }),
  };
}

export function queueDocument(namespaceId: string, queue: QueueDefinition, counts?: MessageCounts): ArmDocument {
  return document(`${namespaceId}/queues/${queue.name}`, queue.name, QUEUES, {
    ...propertiesOfQueue(queue),
    ...sizes(queue),
    ...shownCounts(counts),
  });
}

export function topicDocument(namespaceId: string, topic: TopicDefinition, counts?: MessageCounts): ArmDocument {
  return document(`${namespaceId}/topics/${topic.name}`, topic.name, TOPICS, {
    ...ALWAYS_SHOWN,
    supportOrdering: true,
    ...topic.shown,
    status: topic.status,
    ...sizes(topic),
    defaultMessageTimeToLive: timeSpanOf(topic.timeToLiveMs),
    ...duplicates(topic.duplicateWindowMs),
    subscriptionCount: topic.subscriptions.length,
    // Of a topic Azure shows no sum.
    ...(counts ? { ...shownCounts(counts), messageCount: undefined } : {}),
  });
}

export function subscriptionDocument(
  topicId: string,
  subscription: SubscriptionDefinition,
  counts?: MessageCounts,
): ArmDocument {
  const {
    requiresDuplicateDetection: _detection,
    duplicateDetectionHistoryTimeWindow: _window,
    enableExpress: _express,
    enablePartitioning: _partitioning,
    ...properties
  } = propertiesOfQueue(subscription);
  return document(`${topicId}/subscriptions/${subscription.name}`, subscription.name, SUBSCRIPTIONS, {
    ...properties,
    isClientAffine: false,
    deadLetteringOnFilterEvaluationExceptions: subscription.deadLetterOnFilterError,
    ...shownCounts(counts),
  });
}

/** As Resource Manager shows them. Of deferred messages it has no number of their own: they are in the sum alone. */
function shownCounts(counts: MessageCounts | undefined): Body {
  if (!counts) return {};
  const { active, scheduled, deferred, deadLetter, transferDeadLetter } = counts;
  const { sizeInBytes, createdAt, updatedAt, accessedAt } = counts;
  return {
    sizeInBytes,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    // .NET's earliest time is never.
    accessedAt: accessedAt === undefined ? "0001-01-01T00:00:00Z" : new Date(accessedAt).toISOString(),
    messageCount: active + scheduled + deferred + deadLetter + transferDeadLetter,
    countDetails: {
      activeMessageCount: active,
      scheduledMessageCount: scheduled,
      deadLetterMessageCount: deadLetter,
      transferMessageCount: 0,
      transferDeadLetterMessageCount: transferDeadLetter,
    },
  };
}

export function ruleDocuments(subscriptionId: string, subscription: SubscriptionDefinition): ArmDocument[] {
  return rulesIn(subscription).map(({ name, sqlFilter, correlationFilter, action }) =>
    document(`${subscriptionId}/rules/${name}`, name, RULES, {
      action: action === undefined ? {} : { sqlExpression: action, compatibilityLevel: 20 },
      ...(correlationFilter
        ? { filterType: "CorrelationFilter", correlationFilter }
        : { filterType: "SqlFilter", sqlFilter: { sqlExpression: sqlFilter, compatibilityLevel: 20 } }),
    }),
  );
}

function document(id: string, name: string, type: string, properties: Body): ArmDocument {
  return { id, name, type, properties: { ...properties, provisioningState: "Succeeded" } };
}

function propertiesOfQueue(queue: QueueSettings): Body {
  return {
    ...ALWAYS_SHOWN,
    ...queue.shown,
    status: queue.status,
    lockDuration: timeSpanOf(queue.lockDurationMs),
    maxDeliveryCount: queue.maxDeliveryCount,
    defaultMessageTimeToLive: timeSpanOf(queue.timeToLiveMs),
    deadLetteringOnMessageExpiration: queue.deadLetterOnExpiration,
    ...duplicates(queue.duplicateWindowMs),
    requiresSession: queue.requiresSession,
    ...(queue.forwardTo === undefined ? {} : { forwardTo: queue.forwardTo }),
    ...(queue.forwardDeadLetteredTo === undefined
      ? {}
      : { forwardDeadLetteredMessagesTo: queue.forwardDeadLetteredTo }),
  };
}

function sizes({ maxSizeBytes, maxMessageBytes }: Pick<QueueSettings, "maxSizeBytes" | "maxMessageBytes">): Body {
  return { maxSizeInMegabytes: maxSizeBytes / 1_048_576, maxMessageSizeInKilobytes: maxMessageBytes / 1024 };
}

function duplicates(window: number | undefined): Body {
  return window === undefined
    ? { requiresDuplicateDetection: false }
    : { requiresDuplicateDetection: true, duplicateDetectionHistoryTimeWindow: timeSpanOf(window) };
}

function settingsFrom(properties: Body, mostKilobytes: number): QueueSettings {
  const forwardTo = stringOf(properties, "forwardTo") ?? "";
  const forwardDeadLetteredTo = stringOf(properties, "forwardDeadLetteredMessagesTo") ?? "";
  return {
    status: statusFrom(properties),
    lockDurationMs: span(properties, "lockDuration", DEFAULTS.lockDuration),
    maxDeliveryCount: number(properties, "maxDeliveryCount", DEFAULTS.maxDeliveryCount),
    ...sizesFrom(properties, mostKilobytes),
    timeToLiveMs: span(properties, "defaultMessageTimeToLive", Infinity),
    deadLetterOnExpiration: properties.deadLetteringOnMessageExpiration === true,
    ...duplicatesFrom(properties),
    requiresSession: properties.requiresSession === true,
    ...(forwardTo === "" ? {} : { forwardTo }),
    ...(forwardDeadLetteredTo === "" ? {} : { forwardDeadLetteredTo }),
    shown: shownFrom(properties),
  };
}

function sizesFrom(properties: Body, mostKilobytes: number): { maxSizeBytes: number; maxMessageBytes: number } {
  return {
    maxSizeBytes: number(properties, "maxSizeInMegabytes", DEFAULTS.megabytes) * 1_048_576,
    maxMessageBytes: number(properties, "maxMessageSizeInKilobytes", mostKilobytes) * 1024,
  };
}

function duplicatesFrom(properties: Body): { duplicateWindowMs?: number } {
  return properties.requiresDuplicateDetection === true
    ? { duplicateWindowMs: span(properties, "duplicateDetectionHistoryTimeWindow", 600_000) }
    : {};
}

function shownFrom(properties: Body): Shown {
  const kept = KEPT.flatMap((key) => {
    const value = properties[key];
    return typeof value === "boolean" || typeof value === "string" ? [[key, value] as const] : [];
  });
  const spans = ["autoDeleteOnIdle", "duplicateDetectionHistoryTimeWindow"].flatMap((key) => {
    const milliseconds = millisecondsOf(stringOf(properties, key) ?? "");
    return milliseconds === undefined ? [] : [[key, timeSpanOf(milliseconds)] as const];
  });
  return Object.fromEntries([...kept, ...spans]);
}

function statusFrom(properties: Body): QueueSettings["status"] {
  const status = stringOf(properties, "status");
  return status === "Disabled" || status === "ReceiveDisabled" || status === "SendDisabled" ? status : "Active";
}

function span(properties: Body, key: string, otherwise: number): number {
  return millisecondsOf(stringOf(properties, key) ?? "") ?? otherwise;
}

function number(properties: Body, key: string, otherwise: number): number {
  const value = properties[key];
  // azurerm writes 0 for a value that is not set.
  return typeof value === "number" && value > 0 ? value : otherwise;
}
