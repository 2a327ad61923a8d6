import { type Body, bodyOf, stringOf } from "../../azure/document";
import { ServiceBusFault } from "../errors";
import { ATTRIBUTE } from "./atom";

/** Counts have a namespace of their own. */
const COUNTS = "http://schemas.microsoft.com/netservices/2011/06/servicebus";

/**
 * The elements of each description, in the order of the service's data contract
 * (github.com/Azure/azure-sdk-for-net, sdk/servicebus/Azure.Messaging.ServiceBus/src/Administration). Resource Manager calls them the same, with a small first letter.
 */
const ELEMENTS: Readonly<
  Record<"QueueDescription" | "TopicDescription" | "SubscriptionDescription", readonly string[]>
> = {
  QueueDescription: [
    "LockDuration",
    "MaxSizeInMegabytes",
    "RequiresDuplicateDetection",
    "RequiresSession",
    "DefaultMessageTimeToLive",
    "DeadLetteringOnMessageExpiration",
    "DuplicateDetectionHistoryTimeWindow",
    "MaxDeliveryCount",
    "EnableBatchedOperations",
    "SizeInBytes",
    "MessageCount",
    "Status",
    "ForwardTo",
    "UserMetadata",
    "CreatedAt",
    "UpdatedAt",
    "AccessedAt",
    "SupportOrdering",
    "CountDetails",
    "AutoDeleteOnIdle",
    "EnablePartitioning",
    "ForwardDeadLetteredMessagesTo",
    "EnableExpress",
    "MaxMessageSizeInKilobytes",
  ],
  TopicDescription: [
    "DefaultMessageTimeToLive",
    "MaxSizeInMegabytes",
    "RequiresDuplicateDetection",
    "DuplicateDetectionHistoryTimeWindow",
    "EnableBatchedOperations",
    "SizeInBytes",
    "Status",
    "UserMetadata",
    "CreatedAt",
    "UpdatedAt",
    "AccessedAt",
    "SupportOrdering",
    "CountDetails",
    "SubscriptionCount",
    "AutoDeleteOnIdle",
    "EnablePartitioning",
    "EnableExpress",
    "MaxMessageSizeInKilobytes",
  ],
  SubscriptionDescription: [
    "LockDuration",
    "RequiresSession",
    "DefaultMessageTimeToLive",
    "DeadLetteringOnMessageExpiration",
    "DeadLetteringOnFilterEvaluationExceptions",
    "MessageCount",
    "MaxDeliveryCount",
    "EnableBatchedOperations",
    "Status",
    "ForwardTo",
    "CreatedAt",
    "UpdatedAt",
    "AccessedAt",
    "UserMetadata",
    "CountDetails",
    "AutoDeleteOnIdle",
    "ForwardDeadLetteredMessagesTo",
  ],
};

export type EntityKind = keyof typeof ELEMENTS;

const NUMBERS: ReadonlySet<string> = new Set(["MaxSizeInMegabytes", "MaxDeliveryCount", "MaxMessageSizeInKilobytes"]);
const BOOLEANS: ReadonlySet<string> = new Set([
  "RequiresDuplicateDetection",
  "RequiresSession",
  "DeadLetteringOnMessageExpiration",
  "DeadLetteringOnFilterEvaluationExceptions",
  "EnableBatchedOperations",
  "EnablePartitioning",
  "EnableExpress",
  "SupportOrdering",
]);
const STATUSES: ReadonlySet<string> = new Set(["Active", "Disabled", "ReceiveDisabled", "SendDisabled"]);
/** What a request may carry and only an answer says. */
const READ_ONLY: ReadonlySet<string> = new Set([
  "SizeInBytes",
  "MessageCount",
  "CreatedAt",
  "UpdatedAt",
  "AccessedAt",
  "CountDetails",
  "SubscriptionCount",
]);
const FORWARDS: ReadonlySet<string> = new Set(["ForwardTo", "ForwardDeadLetteredMessagesTo"]);

/** @param properties as Resource Manager shows them @param forwards how what an entity forwards to is shown */
export function descriptionOf(kind: EntityKind, properties: Body, forwards: (target: string) => string): Body {
  const elements = ELEMENTS[kind].flatMap((element): [string, unknown][] => {
    const value = properties[nameOf(element)];
    if (value === undefined || value === null) return [];
    if (element === "CountDetails") return [[element, countsOf(bodyOf(properties, "countDetails"))]];
    return [[element, FORWARDS.has(element) ? forwards(stringOf(properties, nameOf(element)) ?? "") : value]];
  });
  return { ...Object.fromEntries(elements), EntityAvailabilityStatus: "Available" };
}

/** What Resource Manager is to write. */
export function propertiesFrom(kind: EntityKind, description: Body): Body {
  const properties = ELEMENTS[kind].flatMap((element) => {
    const value = description[element];
    if (READ_ONLY.has(element) || typeof value !== "string" || value === "") return [];
    return [[nameOf(element), valueFrom(element, value)] as const];
  });
  return Object.fromEntries(properties);
}

/** As Resource Manager calls it. */
function nameOf(element: string): string {
  return `${(element[0] ?? "").toLowerCase()}${element.slice(1)}`;
}

/** The entities that a description forwards to, as it writes them. */
export function forwardsIn(description: Body): readonly string[] {
  return [...FORWARDS].flatMap((element) => stringOf(description, element) ?? []);
}

function valueFrom(element: string, value: string): unknown {
  if (FORWARDS.has(element)) return value.replace(/^[a-z]+:\/\/[^/]+\//i, "");
  if (NUMBERS.has(element)) return wholeFrom(element, value);
  if (BOOLEANS.has(element)) {
    if (value === "true" || value === "false") return value === "true";
    throw wrong(element, value, "true or false");
  }
  if (element === "Status" && !STATUSES.has(value)) throw wrong(element, value, [...STATUSES].join(", "));
  return value;
}

function wholeFrom(element: string, value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw wrong(element, value, "a whole number");
}

function wrong(element: string, value: string, expected: string): ServiceBusFault {
  return new ServiceBusFault(
    "com.microsoft:argument-error",
    `The value '${value}' of ${element} is not valid: it is ${expected}.`,
  );
}

function countsOf(counts: Body): Body {
  const elements = Object.entries(counts).map(([key, value]) => [
    `d2p1:${(key[0] ?? "").toUpperCase()}${key.slice(1)}`,
    value,
  ]);
  return { [`${ATTRIBUTE}xmlns:d2p1`]: COUNTS, ...(Object.fromEntries(elements) as Body) };
}
