import { message as amqp } from "rhea";
import type { Message } from "./send";

/** More than ids, subject and properties of a message can take when they are encoded: properties have 64 KB together. */
const MOST_BESIDE_THE_BODY = 100_000;

/** Whether a message with its headers is over a limit. Only what comes near it is encoded for that. */
export function isOver(message: Message, bytes: number): boolean {
  return message.body.length + MOST_BESIDE_THE_BODY > bytes && encodedSize(message) > bytes;
}

/** How many bytes Service Bus gets for a message: as the SDK encodes it (`toRheaMessage` of `@azure/service-bus`), which leaves out what is not set. */
export function encodedSize(message: Message): number {
  const { body, messageId, sessionId, correlationId, subject, contentType, applicationProperties } = message;
  const fields = {
    message_id: messageId,
    group_id: sessionId,
    correlation_id: correlationId,
    subject,
    content_type: contentType,
    application_properties: applicationProperties,
  };
  return amqp.encode({
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    message_annotations: {},
    body: amqp.data_section(body) as unknown,
  }).length;
}
