/** How many messages an entity holds, by their state. */
export interface MessageCounts {
  readonly active: number;
  readonly scheduled: number;
  readonly deferred: number;
  readonly deadLetter: number;
  readonly transferDeadLetter: number;
}

/**
 * Counts the messages of a queue (`queue1`), a subscription (`topic1/subscriptions/subscription1`) or a topic (`topic1`), which has scheduled ones alone; nothing where the broker does not serve it.
 *
 * @param namespaceId the namespace's ARM id
 */
export type CountMessages = (namespaceId: string, path: string) => MessageCounts | undefined;
