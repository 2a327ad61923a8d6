import type { ServiceBusClient, ServiceBusReceivedMessage } from "@azure/service-bus";
import Long from "long";
import { type Kept, receiverOf } from "./links";

const PEEKED_AT_ONCE = 250;

/** Looks at every message, oldest first; they stay where they are. Active, deferred and scheduled ones are shown with their state. */
export async function* peeked(
  client: ServiceBusClient,
  entity: string,
  kept: Kept = "own",
): AsyncGenerator<ServiceBusReceivedMessage> {
  const receiver = receiverOf(client, entity, kept);
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
