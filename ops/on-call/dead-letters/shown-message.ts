import type { DeadLetter } from "../../../operator/dead-letter-queue";

/** A dead letter as one line of JSON holds it, with its body: text where it is UTF-8, else base64. */
export function shownMessage(
  entity: string,
  { sequenceNumber, messageId, reason, description, enqueued, message }: DeadLetter,
) {
  const { _rawAmqpMessage: raw, applicationProperties = {} } = message;
  const { sessionId, subject, contentType, correlationId, deliveryCount, to, replyTo, replyToSessionId } = message;
  return {
    entity,
    sequenceNumber,
    messageId,
    reason,
    description,
    enqueued,
    deliveryCount,
    ...given({ sessionId, subject, contentType, correlationId, to, replyTo, replyToSessionId }),
    ...given({ partitionKey: message.partitionKey, timeToLive: message.timeToLive }),
    applicationProperties: Object.fromEntries(
      Object.entries(applicationProperties).map(([name, value]) => [name, shownProperty(value)]),
    ),
    ...given({ bodyType: raw.bodyType }),
    ...bodyOf(message.body),
  };
}

/** Without what the message does not have. */
function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ""));
}

/** The library gives a uuid, bytes and a number beyond 2^53 as bytes. */
function shownProperty(value: unknown): unknown {
  return Buffer.isBuffer(value) ? { base64: value.toString("base64") } : value;
}

function bodyOf(body: unknown): { readonly body: unknown } | { readonly base64: string } {
  if (!Buffer.isBuffer(body)) return { body };
  const text = body.toString("utf8");
  return Buffer.from(text, "utf8").equals(body) ? { body: text } : { base64: body.toString("base64") };
}
