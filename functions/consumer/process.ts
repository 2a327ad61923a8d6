import { log, type LogSink } from "../shared/log";
import type { Delivery } from "./delivery";

/** What a producer put in: one JSON object. */
export type Message = Readonly<Record<string, unknown>>;

/**
 * The one place for business logic.
 *
 * It is called at least once for every message: again after a lost lock, and again for one that a failover made the producer repeat. So it
 * must bear repetition by message id. When it returns, the message is completed; when it throws, the message is delivered again, and after
 * the entity's maximum of deliveries it is dead-lettered.
 */
// eslint-disable-next-line @typescript-eslint/require-await -- business logic will await
export async function process(_message: Message, delivery: Delivery, sink: LogSink): Promise<void> {
  log(sink, "log", "processed", {
    messageId: delivery.messageId,
    correlationId: delivery.correlationId,
    entity: delivery.entity,
    deliveryCount: delivery.deliveryCount,
    ...(delivery.enqueuedAt ? { enqueuedToProcessedMs: Date.now() - delivery.enqueuedAt.getTime() } : {}),
  });
}
