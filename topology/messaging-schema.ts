import { z } from "zod";
import { duration, entityName, field, oneOf, says, subscriptionName, whole } from "./fields";

/** Service Bus' longest time span, P10675199DT2H48M5.4775807S, is its word for "never". */
const NEVER = 922_337_203_686;
const timeToLive = duration(1, NEVER, "P14D");
const lockDuration = duration(5, 300, "PT30S");
const duplicateWindow = duration(20, 604_800, "PT10M");

// Premium's entity sizes: learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
const sizeInMegabytes = oneOf([1024, 2048, 3072, 4096, 5120, 10240, 20480, 40960, 81920]);
// Large messages on Premium: learn.microsoft.com/azure/service-bus-messaging/service-bus-premium-messaging
const messageSizeInKilobytes = whole(1024, 102_400);

const queueShape = {
  name: field(entityName, "The name of the queue or topic. It is also a segment of the producer's URL."),
  status: field(
    z.enum(["Active", "Disabled", "ReceiveDisabled", "SendDisabled"]).default("Active"),
    "Whether the entity takes and delivers messages. With `Disabled` and `SendDisabled` the producer answers 503. With `Disabled` and `ReceiveDisabled` the consumer has no trigger.",
  ),
  lockDuration: field(
    lockDuration.default("PT1M"),
    "How long a message that is received under peek-lock is hidden from other receivers.",
    { unit: "ISO 8601 time span" },
  ),
  maxDeliveryCount: field(whole(1, 2000).default(10), "After that many deliveries a message is dead-lettered.", {
    unit: "deliveries",
  }),
  maxSizeInMegabytes: field(sizeInMegabytes.default(5120), "The size of the entity.", { unit: "MB" }),
  maxMessageSizeInKilobytes: field(
    messageSizeInKilobytes.default(1024),
    "The largest message. Above 1024 a message travels alone, not in a batch.",
    { unit: "KB" },
  ),
  defaultMessageTtl: field(timeToLive.default("P14D"), "How long a message lives that names no time of its own.", {
    unit: "ISO 8601 time span",
  }),
  deadLetteringOnMessageExpiration: field(
    z.boolean().default(true),
    "Whether an expired message is dead-lettered instead of deleted.",
  ),
  requiresDuplicateDetection: field(
    z.boolean().default(true),
    "Whether a message with an id that was seen before is dropped. It is fixed when the entity is created.",
  ),
  duplicateDetectionHistoryTimeWindow: field(
    duplicateWindow.default("PT10M"),
    "How long ids are remembered for duplicate detection.",
    { unit: "ISO 8601 time span" },
  ),
  requiresSession: field(
    z.boolean().default(false),
    "Whether messages are handled in order by session id. It is fixed when the entity is created.",
  ),
  batchedOperationsEnabled: field(
    z.boolean().default(true),
    "Whether Service Bus stores several operations at once, which is faster.",
  ),
  forwardTo: field(entityName.optional(), "The queue or topic that every message is forwarded to: four hops at most.", {
    example: "archive",
  }),
  forwardDeadLetteredMessagesTo: field(
    entityName.optional(),
    "The queue or topic that dead letters are forwarded to.",
    { example: "dead-letters" },
  ),
};

export const queueSchema = z.strictObject(queueShape);

const condition = (property: string, example: string) =>
  field(
    z.string().min(1, says("a text that is not empty", "leave the condition out")).optional(),
    `The value that the message's ${property} must have.`,
    { example },
  );

const correlationFilterSchema = z.strictObject({
  contentType: condition("content type", "application/json"),
  correlationId: condition("correlation id", "order-7"),
  label: condition("subject", "order"),
  messageId: condition("id", "order-7"),
  replyTo: condition("reply-to address", "answers"),
  replyToSessionId: condition("reply-to session id", "session-1"),
  sessionId: condition("session id", "session-1"),
  to: condition("to address", "warehouse"),
  properties: field(
    z
      .record(z.string().min(1), z.string())
      .refine(
        (properties) => Object.keys(properties).length > 0,
        says("one application property or more", "leave properties out"),
      )
      .optional(),
    "Application properties and the values that they must have.",
  ),
});

/** Exactly one of the two filters: the rule "subscription-rule-has-one-filter" checks it. */
export const subscriptionRuleSchema = z.strictObject({
  name: field(subscriptionName, "The name of the rule."),
  sqlFilter: field(
    z.string().min(1).max(1024).optional(),
    "A SQL condition on system and application properties. A rule has this or `correlationFilter`.",
  ),
  correlationFilter: field(
    correlationFilterSchema.optional(),
    "Properties that must be equal, all of them. A rule has this or `sqlFilter`.",
  ),
  action: field(z.string().min(1).max(1024).optional(), "A SQL action on the copy of each message that matches.", {
    example: "SET priority = 'high'",
  }),
});

export const subscriptionSchema = z.strictObject({
  name: field(subscriptionName, "The name of the subscription."),
  status: field(
    z.enum(["Active", "Disabled", "ReceiveDisabled"]).default("Active"),
    "Whether the subscription takes and hands out messages. The consumer has no trigger for one that is not active.",
  ),
  lockDuration: queueShape.lockDuration,
  maxDeliveryCount: queueShape.maxDeliveryCount,
  defaultMessageTtl: queueShape.defaultMessageTtl,
  deadLetteringOnMessageExpiration: queueShape.deadLetteringOnMessageExpiration,
  deadLetteringOnFilterEvaluationError: field(
    z.boolean().default(true),
    "Whether a message on which a filter fails is dead-lettered.",
  ),
  requiresSession: queueShape.requiresSession,
  batchedOperationsEnabled: queueShape.batchedOperationsEnabled,
  forwardTo: queueShape.forwardTo,
  forwardDeadLetteredMessagesTo: queueShape.forwardDeadLetteredMessagesTo,
  rules: field(
    z.array(subscriptionRuleSchema).default([]),
    "The rules that select messages. Without one the subscription gets every message of the topic.",
  ),
});

export const topicSchema = z.strictObject({
  name: queueShape.name,
  status: field(z.enum(["Active", "Disabled"]).default("Active"), "Whether the topic takes messages."),
  maxSizeInMegabytes: queueShape.maxSizeInMegabytes,
  maxMessageSizeInKilobytes: queueShape.maxMessageSizeInKilobytes,
  defaultMessageTtl: queueShape.defaultMessageTtl,
  requiresDuplicateDetection: queueShape.requiresDuplicateDetection,
  duplicateDetectionHistoryTimeWindow: queueShape.duplicateDetectionHistoryTimeWindow,
  supportOrdering: field(z.boolean().default(true), "Whether a topic keeps the order of its messages."),
  batchedOperationsEnabled: queueShape.batchedOperationsEnabled,
  subscriptions: field(z.array(subscriptionSchema).default([]), "The subscriptions."),
});

export type Queue = z.output<typeof queueSchema>;
export type Topic = z.output<typeof topicSchema>;
export type Subscription = z.output<typeof subscriptionSchema>;
export type SubscriptionRule = z.output<typeof subscriptionRuleSchema>;
