import { z } from "zod";
import { duration, entityName, oneOf, says, subscriptionName, whole } from "./fields";

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
  name: entityName,
  status: z.enum(["Active", "Disabled", "ReceiveDisabled", "SendDisabled"]).default("Active"),
  lockDuration: lockDuration.default("PT1M").describe("How long a peek-locked message is hidden from other receivers."),
  maxDeliveryCount: whole(1, 2000).default(10).describe("Deliveries before a message is dead-lettered."),
  maxSizeInMegabytes: sizeInMegabytes.default(5120),
  maxMessageSizeInKilobytes: messageSizeInKilobytes.default(1024),
  defaultMessageTtl: timeToLive.default("P14D"),
  deadLetteringOnMessageExpiration: z
    .boolean()
    .default(true)
    .describe("An expired message is dead-lettered, not lost."),
  requiresDuplicateDetection: z.boolean().default(true).describe("Drops a message id seen before. Fixed at creation."),
  duplicateDetectionHistoryTimeWindow: duplicateWindow.default("PT10M"),
  requiresSession: z.boolean().default(false).describe("Ordered handling by session id. Fixed at creation."),
  batchedOperationsEnabled: z.boolean().default(true),
  forwardTo: entityName.optional().describe("Forward every message to this queue or topic."),
  forwardDeadLetteredMessagesTo: entityName.optional(),
};

export const queueSchema = z.strictObject(queueShape);

const condition = z.string().min(1, says("a text that is not empty", "leave the condition out")).optional();

const correlationFilterSchema = z.strictObject({
  contentType: condition,
  correlationId: condition,
  label: condition,
  messageId: condition,
  replyTo: condition,
  replyToSessionId: condition,
  sessionId: condition,
  to: condition,
  properties: z
    .record(z.string().min(1), z.string())
    .refine(
      (properties) => Object.keys(properties).length > 0,
      says("one application property or more", "leave properties out"),
    )
    .optional(),
});

/** Exactly one of the two filters: the rule "subscription-rule-has-one-filter" says so. */
export const subscriptionRuleSchema = z.strictObject({
  name: subscriptionName,
  sqlFilter: z.string().min(1).max(1024).optional(),
  correlationFilter: correlationFilterSchema.optional(),
  action: z.string().min(1).max(1024).optional().describe("A SQL action on each message that matches."),
});

export const subscriptionSchema = z.strictObject({
  name: subscriptionName,
  status: z.enum(["Active", "Disabled", "ReceiveDisabled"]).default("Active"),
  lockDuration: queueShape.lockDuration,
  maxDeliveryCount: queueShape.maxDeliveryCount,
  defaultMessageTtl: queueShape.defaultMessageTtl,
  deadLetteringOnMessageExpiration: queueShape.deadLetteringOnMessageExpiration,
  deadLetteringOnFilterEvaluationError: z.boolean().default(true),
  requiresSession: queueShape.requiresSession,
  batchedOperationsEnabled: queueShape.batchedOperationsEnabled,
  forwardTo: queueShape.forwardTo,
  forwardDeadLetteredMessagesTo: queueShape.forwardDeadLetteredMessagesTo,
  rules: z.array(subscriptionRuleSchema).default([]).describe("None: every message of the topic."),
});

export const topicSchema = z.strictObject({
  name: entityName,
  status: z.enum(["Active", "Disabled"]).default("Active"),
  maxSizeInMegabytes: queueShape.maxSizeInMegabytes,
  maxMessageSizeInKilobytes: queueShape.maxMessageSizeInKilobytes,
  defaultMessageTtl: queueShape.defaultMessageTtl,
  requiresDuplicateDetection: queueShape.requiresDuplicateDetection,
  duplicateDetectionHistoryTimeWindow: queueShape.duplicateDetectionHistoryTimeWindow,
  supportOrdering: z.boolean().default(true),
  batchedOperationsEnabled: queueShape.batchedOperationsEnabled,
  subscriptions: z.array(subscriptionSchema).default([]),
});

export type Queue = z.output<typeof queueSchema>;
export type Topic = z.output<typeof topicSchema>;
export type Subscription = z.output<typeof subscriptionSchema>;
export type SubscriptionRule = z.output<typeof subscriptionRuleSchema>;
