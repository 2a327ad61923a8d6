import type { ServiceBusReceivedMessage } from "@azure/service-bus";
import type { TypedData } from "./core";

/** What the Service Bus extension tells a function about a message: names and shapes as its .NET code has them. */
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
  add("LockedUntilUtc", message.lockedUntilUtc?.toISOString());
  add("SequenceNumber", message.sequenceNumber?.toString());
  const properties = { json: JSON.stringify(message.applicationProperties ?? {}) };
  metadata.ApplicationProperties = properties;
  metadata.UserProperties = properties;
  return metadata;
}

/** What could be JSON as it stands: the library would make something else of it than a text, as it does in Azure. */
const JSON_LIKE = /^\s*(?:[[{"]|-?\d[\d.eE+-]*\s*$|(?:true|false|null)\s*$)/;

/** The library tries to parse each text as JSON; one that is none costs it an exception, so it is handed over as JSON already. */
function textData(value: string): TypedData {
  return JSON_LIKE.test(value) ? { string: value } : { json: JSON.stringify(value) };
}

/**
 * A message's body as the extension hands it to a function in JavaScript that asks for nothing else: its text, whatever it is. The receiver must not
 * have parsed it: a text that is JSON twice over is parsed once in Azure, by the library.
 */
export function inputOf({ body }: ServiceBusReceivedMessage): TypedData {
  if (Buffer.isBuffer(body)) return { string: body.toString("utf8") };
  if (typeof body === "string") return { string: body };
  return { json: JSON.stringify(body ?? null) };
}

function text(value: ServiceBusReceivedMessage["messageId"]): string | undefined {
  if (value === undefined) return undefined;
  return Buffer.isBuffer(value) ? value.toString("hex") : String(value);
}
