import type { DeadLetter } from "../../../operator/dead-letter-queue";

/** A dead letter as one line of JSON holds it, with its body: text where it is UTF-8, else base64. */
export function shownMessage(
  entity: string,
  { sequenceNumber, messageId, reason, description, enqueued, message }: DeadLetter,
) {
  const { sessionId, subject, contentType, correlationId, deliveryCount, applicationProperties } = message;
  return {
    entity,
    sequenceNumber,
    messageId,
    reason,
    description,
    enqueued,
    deliveryCount,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(subject === undefined ? {} : { subject }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(correlationId === undefined ? {} : { correlationId }),
    applicationProperties,
    ...bodyOf(message.body),
  };
}

function bodyOf(body: unknown): { readonly body: unknown } | { readonly base64: string } {
  if (!Buffer.isBuffer(body)) return { body };
  const text = body.toString("utf8");
  return Buffer.from(text, "utf8").equals(body) ? { body: text } : { base64: body.toString("base64") };
}
