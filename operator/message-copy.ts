import type { ServiceBusReceivedMessage } from "@azure/service-bus";

/** A message with its AMQP sections, as the library gives it. */
export type AmqpMessage = ServiceBusReceivedMessage["_rawAmqpMessage"];

/** How a message is received that is to be copied: its body and its dates as they are. */
export const RAW = { receiveMode: "peekLock", skipParsingBodyAsJson: true, skipConvertingDate: true } as const;

/** What Service Bus wrote when it dead-lettered the message. */
const OF_DEAD_LETTERS: readonly string[] = ["DeadLetterReason", "DeadLetterErrorDescription"];

/** A message that cannot be copied as it is. */
export class Uncopyable extends Error {
  override name = "Uncopyable";
}

export interface CopyOf {
  /** @default the message's own */
  readonly messageId?: string;
  /** What the copy has beside the message's own properties. */
  readonly applicationProperties: Readonly<Record<string, string>>;
}

/**
 * A message, to be sent once more: the body byte for byte, and the sender's properties. Its time to live and its delivery count begin anew; Service Bus gives it another sequence number and another
 * enqueued time.
 *
 * @param message received with RAW
 * @throws Uncopyable where a property has a type that the library cannot give back: a uuid, bytes, or a whole number beyond 2^53
 */
export function copyOf(message: ServiceBusReceivedMessage, { messageId, applicationProperties }: CopyOf): AmqpMessage {
  const { _rawAmqpMessage: raw, partitionKey } = message;
  const own = Object.entries(message.applicationProperties ?? {}).filter(([name]) => !OF_DEAD_LETTERS.includes(name));
  const lost = own.find(([, value]) => Buffer.isBuffer(value as unknown));
  if (lost) throw new Uncopyable(`its property ${lost[0]} is a uuid, bytes, or a number beyond 2^53`);
  const timeToLive = raw.header?.timeToLive;
  return {
    // Of the raw message it is a section of the library's encoder, which would be encoded once more.
    body: message.body as unknown,
    ...(raw.bodyType === undefined ? {} : { bodyType: raw.bodyType }),
    header: timeToLive === undefined ? {} : { timeToLive },
    properties: {
      ...raw.properties,
      absoluteExpiryTime: undefined,
      creationTime: undefined,
      ...(messageId === undefined ? {} : { messageId }),
    },
    applicationProperties: { ...Object.fromEntries(own), ...applicationProperties },
    ...(partitionKey === undefined ? {} : { messageAnnotations: { "x-opt-partition-key": partitionKey } }),
  };
}
