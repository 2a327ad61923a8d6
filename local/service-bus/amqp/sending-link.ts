import type { Delivery, Receiver as RheaReceiver } from "rhea";
import { Content } from "../entities/content";
import { ServiceBusFault } from "../errors";
import { MalformedAmqp } from "./encoding";
import type { Listening } from "./listening";
import { BATCH_FORMAT } from "./rhea-server";
import { messagesOfBatch } from "./sections";
import { amqpError } from "./values";

/** How many messages a sender may have under way. */
const CREDIT = 500;

/** A client's sender: every transfer is one message or one batch, taken whole or not at all. */
export function serveSender(
  link: RheaReceiver,
  listen: Listening,
  take: (contents: readonly Content[], delivery: Delivery) => void,
): void {
  link.add_credit(CREDIT);
  listen(link, "message", ({ message, delivery }) => {
    link.add_credit(1);
    if (!delivery) return;
    try {
      take(contentsOf(message as unknown as Buffer, (delivery as unknown as { format?: number }).format), delivery);
    } catch (error) {
      delivery.reject(amqpError(faultOf(error)));
    }
  });
}

function contentsOf(bytes: Buffer, format: number | undefined): Content[] {
  return format === BATCH_FORMAT ? messagesOfBatch(bytes).map((each) => Content.of(each)) : [Content.of(bytes)];
}

/** The error that the client gets: a client's mistake as Azure words it. An error of the broker's own stays one. */
export function faultOf(error: unknown): ServiceBusFault {
  if (error instanceof ServiceBusFault) return error;
  if (error instanceof MalformedAmqp) return new ServiceBusFault("amqp:decode-error", error.message);
  throw error;
}
