import type { ServiceBusReceivedMessage } from "@azure/service-bus";
import { ownId, suffixed } from "../functions/shared/broker-id";
import { idsIn, PROPERTY, writtenIds } from "../functions/shared/message-properties";

/** A message with its AMQP sections, as the library gives it. */
export type AmqpMessage = ServiceBusReceivedMessage["_rawAmqpMessage"];

/** Where a copy came from: the namespace, the entity and the dead letter's sequence number. */
export const REDRIVEN = "operatorRedriven";

/** What Service Bus wrote when it dead-lettered the message. */
const OF_DEAD_LETTERS: readonly string[] = ["DeadLetterReason", "DeadLetterErrorDescription"];

/**
 * A dead letter, to be sent once more: the body byte for byte, and the sender's properties.
 *
 * The copy's message id is another one than the message's, and the same each time that this dead letter is copied: duplicate detection drops neither the first copy nor takes a second one
 * where the command was ended between sending and completing. The sender's id travels in an application property, as the consumer's own copies have it.
 *
 * @param message received without its body parsed
 * @param from `lockdown-pc-eastus2/queue1`
 */
export function redrivenCopy(message: ServiceBusReceivedMessage, from: string): AmqpMessage {
  const { _rawAmqpMessage: raw } = message;
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
  const others = Object.entries(message.applicationProperties ?? {}).filter(
    ([name]) => !OF_DEAD_LETTERS.includes(name),
  );
  return {
    body: raw.body as unknown,
    ...(raw.bodyType === undefined ? {} : { bodyType: raw.bodyType }),
    header: timeToLiveOf(raw),
    properties: {
      ...raw.properties,
      // The copy's time begins anew, as its delivery count does.
      absoluteExpiryTime: undefined,
      creationTime: undefined,
      messageId: suffixed(ownId(ids.messageId ?? sequence, ids.owner), `d${sequence}`),
    },
    applicationProperties: {
      ...Object.fromEntries(others),
      ...(ids.messageId === undefined ? {} : { [PROPERTY.ids]: writtenIds(ids) }),
      [REDRIVEN]: `${from}/${sequence}`,
    },
    ...(message.partitionKey === undefined
      ? {}
      : { messageAnnotations: { "x-opt-partition-key": message.partitionKey } }),
  };
}

/** The delivery count begins anew. */
function timeToLiveOf({ header }: AmqpMessage): NonNullable<AmqpMessage["header"]> {
  return header?.timeToLive === undefined ? {} : { timeToLive: header.timeToLive };
}

function textOf(id: ServiceBusReceivedMessage["messageId"]): string | undefined {
  return id === undefined || id === "" ? undefined : String(id);
}
