import type { InvocationContext } from "@azure/functions";
import { type Ids, idsIn, PROPERTY } from "../shared/message-properties";
import { isObject } from "../shared/settings";
import { DIAGNOSTIC_ID, parseTraceParent } from "../shared/trace";

/** What Service Bus says of a message it delivers. */
export interface Delivery {
  /** The sender's id: the same at every delivery, and for every copy that a deferral made. */
  readonly messageId: string;
  readonly entity: string;
  /** 1 at the first delivery. */
  readonly deliveryCount: number;
  /** How often process() asked for it later. */
  readonly deferrals: number;
  readonly correlationId: string;
  readonly sessionId?: string;
  readonly subject?: string;
  /** Whose the id is, where the producer's callers are authenticated: the same id of another caller is another message. A digest. */
  readonly owner?: string;
  /** When the namespace accepted it. */
  readonly enqueuedAt?: Date;
  /** When it expires by its time to live. */
  readonly expiresAt?: Date;
  /** The sender's trace context, so that one operation spans the HTTP request and the processed message. */
  readonly traceParent?: string;
  /** As the trigger has them: their names begin with a small letter, also where the sender's do not. */
  readonly applicationProperties: Readonly<Record<string, unknown>>;
  /** Ids that are not certainly what was sent: the message is none of the producer's, and the Functions library made JSON of them. */
  readonly inexact: readonly string[];
}

/** The trigger's metadata. The Functions library rewrites the case of its keys, those of the sender's properties too. */
export function deliveryOf(context: InvocationContext, entity: string): Delivery {
  const metadata = context.triggerMetadata ?? {};
  const properties = [metadata.applicationProperties, metadata.userProperties].find(isObject) ?? {};
  const sent = idsIn(property(properties, PROPERTY.ids));
  const inexact: string[] = [];
  /** The application property is exact; else a text that was no JSON is, unless it was sent as a JSON text: `"abc"` comes as `abc` does. */
  const exact = (key: keyof Ids): string | undefined => {
    const value = metadata[key];
    const own = sent[key];
    if (own !== undefined) return own;
    if (value === undefined || value === "") return undefined;
    if (typeof value === "string" && !isJson(value)) return value;
    // What is no text now, or a text that would not have stayed one, was written in another way.
    inexact.push(key);
    return JSON.stringify(value);
  };
  const traceParent = ["traceparent", DIAGNOSTIC_ID]
    .map((name) => property(properties, name))
    .find((value) => parseTraceParent(value));
  const messageId = exact("messageId");
  if (messageId === undefined) inexact.push("messageId");
  const id = messageId ?? context.invocationId;
  return {
    messageId: id,
    entity,
    deliveryCount: Number(metadata.deliveryCount ?? 1),
    deferrals: count(property(properties, PROPERTY.deferrals)),
    correlationId: exact("correlationId") ?? id,
    ...optional("sessionId", exact("sessionId")),
    ...optional("subject", exact("subject")),
    ...optional("owner", sent.owner),
    ...optional("enqueuedAt", date(metadata.enqueuedTimeUtc)),
    ...optional("expiresAt", date(metadata.expiresAtUtc)),
    ...optional("traceParent", text(traceParent)),
    applicationProperties: properties,
    inexact,
  };
}

/** Names ignore case, and the library changes it. */
function property(properties: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.entries(properties).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}

function count(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function date(value: unknown): Date | undefined {
  if (typeof value !== "string" && !(value instanceof Date)) return undefined;
  // The extension's times are UTC, and may not say so.
  const parsed = new Date(typeof value === "string" && /T[\d:.]+$/.test(value) ? `${value}Z` : value);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed;
}
