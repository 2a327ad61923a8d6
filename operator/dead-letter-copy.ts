import type { ServiceBusReceivedMessage } from "@azure/service-bus";
import { ownId, suffixed } from "../functions/shared/broker-id";
import { idsIn, PROPERTY, writtenIds } from "../functions/shared/message-properties";
import { type AmqpMessage, copyOf } from "./message-copy";

/** Where a copy came from: the namespace, the entity and the dead letter's sequence number. */
export const REDRIVEN = "operatorRedriven";

/**
 * A dead letter, to be sent once more.
 *
 * The copy's message id is another one than the message's, and the same each time that this dead letter is copied: duplicate detection drops neither the first copy nor takes a second one
 * where the command was ended between sending and completing. The sender's id travels in an application property, as the consumer's own copies have it.
 *
 * @param message received without its body parsed
 * @param from `lockdown-pc-eastus2/queue1`
 */
export function redrivenCopy(message: ServiceBusReceivedMessage, from: string): AmqpMessage {
  return copyUnderOwnId(message, "d", { [REDRIVEN]: `${from}/${String(message.sequenceNumber ?? "")}` });
}

/** The copy of a message under an id of its own, which is the same each time. @param letter what comes before the sequence number in the copy's id */
export function copyUnderOwnId(
  message: ServiceBusReceivedMessage,
  letter: "d" | "m",
  applicationProperties: Readonly<Record<string, string>>,
): AmqpMessage {
  const { messageId, sessionId, correlationId, subject } = message;
  const sent = idsIn(message.applicationProperties?.[PROPERTY.ids]);
  const sequence = String(message.sequenceNumber ?? "");
  const ids = {
    messageId: sent.messageId ?? textOf(messageId),
    sessionId: sent.sessionId ?? sessionId,
    correlationId: sent.correlationId ?? textOf(correlationId),
    subject: sent.subject ?? subject,
    owner: sent.owner,
  };
  return copyOf(message, {
    messageId: suffixed(ownId(ids.messageId ?? sequence, ids.owner), `${letter}${sequence}`),
    applicationProperties: {
      ...(ids.messageId === undefined ? {} : { [PROPERTY.ids]: writtenIds(ids) }),
      ...applicationProperties,
    },
  });
}

function textOf(id: ServiceBusReceivedMessage["messageId"]): string | undefined {
  return id === undefined || id === "" ? undefined : String(id);
}
