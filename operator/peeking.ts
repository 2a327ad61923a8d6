import Long from "long";
import { RAW } from "./message-copy";
import type { ServiceBusClient, ServiceBusReceivedMessage } from "@azure/service-bus";

/** Where a queue or a subscription keeps messages that can be looked at. */
export const KEPT_IN = {
  own: undefined,
  "dead-letter queue": "deadLetter",
  "transfer dead-letter queue": "transferDeadLetter",
} as const;

const PEEKED_AT_ONCE = 250;

/** Looks at every message, oldest first; they stay where they are. Active, deferred and scheduled ones are shown with their state. */
export async function* peeked(
  client: ServiceBusClient,
  entity: string,
  kept: keyof typeof KEPT_IN = "own",
): AsyncGenerator<ServiceBusReceivedMessage> {
  const [name = "", subscription] = entity.split("/");
  const subQueueType = KEPT_IN[kept];
  const options = { ...RAW, ...(subQueueType === undefined ? {} : { subQueueType }) };
  const receiver =
    subscription === undefined
      ? client.createReceiver(name, options)
      : client.createReceiver(name, subscription, options);
  try {
    // Without a number the library goes on behind what the same client looked at last.
    for (let from = Long.ZERO; ;) {
      const messages = await receiver.peekMessages(PEEKED_AT_ONCE, { fromSequenceNumber: from });
      yield* messages;
      const last = messages.at(-1)?.sequenceNumber;
      if (last === undefined) return;
      from = last.add(1);
    }
  } finally {
    await receiver.close();
  }
}
