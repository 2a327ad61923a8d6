import type { LogSink } from "../shared/log";
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
 * As shipped it does nothing: the handler logs and reports each outcome.
 *
 * @param _message `value` is the parsed object, `text` exactly what was posted
 * @param _delivery the message's ids, its entity, and how often it was delivered
 * @param _sink where `log()` (shared/log.ts) writes lines of the business logic's own
 */
export async function process(_message: Message, _delivery: Delivery, _sink: LogSink): Promise<void> {
  await Promise.resolve();
}
