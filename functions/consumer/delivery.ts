import type { InvocationContext } from "@azure/functions";
import { isObject } from "../shared/settings";
import { DIAGNOSTIC_ID, parseTraceParent } from "../shared/trace";

/** What Service Bus says of a message it delivers. */
export interface Delivery {
  readonly messageId: string;
  readonly entity: string;
  /** 1 at the first delivery. */
  readonly deliveryCount: number;
  readonly correlationId: string;
  readonly sessionId?: string;
  /** When the namespace accepted it. */
  readonly enqueuedAt?: Date;
  /** The sender's trace context, so that one operation spans the HTTP request and the processed message. */
  readonly traceParent?: string;
}

/** The trigger's metadata. The Functions library rewrites the case of its keys, those of the sender's properties too. */
export function deliveryOf(context: InvocationContext, entity: string): Delivery {
  const metadata = context.triggerMetadata ?? {};
  const properties = [metadata.applicationProperties, metadata.userProperties].find(isObject) ?? {};
  const traceParent = ["traceparent", DIAGNOSTIC_ID.toLowerCase()]
    .map((name) => Object.entries(properties).find(([key]) => key.toLowerCase() === name)?.[1])
    .find((value) => parseTraceParent(value));
  const messageId = text(metadata.messageId) ?? context.invocationId;
  return {
    messageId,
    entity,
    deliveryCount: Number(metadata.deliveryCount ?? 1),
    correlationId: text(metadata.correlationId) ?? messageId,
    ...optional("sessionId", text(metadata.sessionId)),
    ...optional("enqueuedAt", date(metadata.enqueuedTimeUtc)),
    ...optional("traceParent", text(traceParent)),
  };
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function date(value: unknown): Date | undefined {
  if (typeof value !== "string" && !(value instanceof Date)) return undefined;
  const parsed = new Date(value);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed;
}
