import { message as amqp } from "rhea";
import type { Message } from "./message";

/** More than ids, subject and the producer's own properties can take when they are encoded. */
const MOST_OF_OUR_OWN = 10_000;
/** More than a property takes beside its name and its value. */
const MOST_OF_A_PROPERTY = 20;

/** Whether a message with its headers is over a limit. Only what comes near it is encoded for that. */
export function isOver(message: Message, bytes: number): boolean {
  const properties = Object.entries(message.applicationProperties ?? {}).reduce(
    // A character takes four bytes at most.
    (sum, [name, value]) => sum + MOST_OF_A_PROPERTY + 4 * (name.length + String(value).length),
    0,
  );
  return message.body.length + MOST_OF_OUR_OWN + properties > bytes && encodedSize(message) > bytes;
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
