import { log, type LogSink } from "../shared/log";
import type { Delivery } from "./delivery";
import type { Message } from "./message";

/**
 * The one place for business logic.
 *
 * It is called at least once for every message: again after a lost lock, and again for one that a failover made the producer repeat. So it
 * must tolerate repetition by message id. How it ends decides what happens to the message:
 *
 * - it returns: the message is completed;
 * - it throws `Later` (verdicts.ts): the message comes again after a delay, and none of its deliveries is used up where it is a queue without sessions;
 * - it throws `Never`: the message goes to the queue of refused messages;
 * - it throws anything else: the message is delivered again at once, and dead-lettered after the entity's maximum of deliveries.
 *
 * @param _message `value` is the parsed object, `text` exactly what was posted
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
