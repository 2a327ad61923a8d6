import type { ServiceBusReceivedMessage } from "@azure/service-bus";
import type { TypedData } from "./core";

/** What the Service Bus extension passes to a function about a message: names and shapes as its .NET code has them. */
export function metadataOf(message: ServiceBusReceivedMessage): Record<string, TypedData> {
  const metadata: Record<string, TypedData> = {
    // The JavaScript SDK counts deliveries that failed; .NET counts this one too.
    DeliveryCount: { int: (message.deliveryCount ?? 0) + 1 },
  };
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined) metadata[name] = textData(value);
  };
  add("MessageId", text(message.messageId));
  add("CorrelationId", text(message.correlationId));
  add("ContentType", message.contentType);
  add("Subject", message.subject);
  add("Label", message.subject);
  add("To", message.to);
  add("ReplyTo", message.replyTo);
  add("ReplyToSessionId", message.replyToSessionId);
  add("SessionId", message.sessionId);
  add("PartitionKey", message.partitionKey);
  add("LockToken", message.lockToken);
  add("DeadLetterSource", message.deadLetterSource);
  add("EnqueuedTimeUtc", message.enqueuedTimeUtc?.toISOString());
  add("ExpiresAtUtc", message.expiresAtUtc?.toISOString());
  add("SequenceNumber", message.sequenceNumber?.toString());
  const properties = { json: JSON.stringify(message.applicationProperties ?? {}) };
  metadata.ApplicationProperties = properties;
  metadata.UserProperties = properties;
  return metadata;
}

/** What could be JSON: the library would make something else of it than a text, as it does in Azure. */
const JSON_LIKE = /^\s*(?:[[{"]|-?\d[\d.eE+-]*\s*$|(?:true|false|null)\s*$)/;

/** The library tries to parse each text as JSON; one that is none costs it an exception, so it is handed over as JSON already. */
function textData(value: string): TypedData {
  return JSON_LIKE.test(value) ? { string: value } : { json: JSON.stringify(value) };
}

/** What a function is invoked with: the message's body, and what is said of the message. */
export interface Invocation {
  readonly input: TypedData;
  readonly metadata: Readonly<Record<string, TypedData>>;
}

/**
 * A message as the extension and the host hand it to a function in JavaScript: to one that asks for bytes (`dataType: "binary"`), its bytes; to any other, its
 * text, and with the members of a JSON object copied over the metadata. The receiver must not have parsed the body: a text that is JSON twice
 * over is parsed once in Azure, by the library.
 */
export function invocationOf(
  message: ServiceBusReceivedMessage,
  { dataType }: { readonly dataType?: unknown },
): Invocation {
  const metadata = metadataOf(message);
  const body: unknown = message.body;
  if (typeof dataType === "string" && dataType.toLowerCase() === "binary") {
    const bytes = Buffer.isBuffer(body)
      ? body
      : Buffer.from(typeof body === "string" ? body : JSON.stringify(body ?? null));
    return { input: { bytes }, metadata };
  }
  const text = Buffer.isBuffer(body) ? body.toString("utf8") : body;
  if (typeof text !== "string") return { input: { json: JSON.stringify(text ?? null) }, metadata };
  return { input: { string: text }, metadata: withMembersOf(text, metadata) };
}

/** The host's `Utility.ApplyBindingData`: top-level members of a JSON object, but lists and nulls; names ignore case. */
function withMembersOf(text: string, metadata: Readonly<Record<string, TypedData>>): Record<string, TypedData> {
  let members: unknown;
  try {
    members = JSON.parse(text);
  } catch {
    return { ...metadata };
  }
  if (typeof members !== "object" || members === null || Array.isArray(members)) return { ...metadata };
  const merged: Record<string, TypedData> = { ...metadata };
  for (const [name, value] of Object.entries(members as Record<string, unknown>)) {
    if (value === null || Array.isArray(value)) continue;
    const known = Object.keys(merged).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
    merged[known] = typeof value === "object" ? { json: JSON.stringify(value) } : { string: asDotNetWrites(value) };
  }
  return merged;
}

function asDotNetWrites(value: unknown): string {
  return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}

function text(value: ServiceBusReceivedMessage["messageId"]): string | undefined {
  if (value === undefined) return undefined;
  return Buffer.isBuffer(value) ? value.toString("hex") : String(value);
}
