/** What an entity holds, and its times. */
export interface MessageCounts {
  readonly active: number;
  readonly scheduled: number;
  readonly deferred: number;
  readonly deadLetter: number;
  readonly transferDeadLetter: number;
  readonly sizeInBytes: number;
  /** In milliseconds since the epoch: when the entity was made, changed, and last sent to or received from. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** None: never yet. */
  readonly accessedAt?: number;
}

/**
 * Counts the messages of a queue (`queue1`), a subscription (`topic1/subscriptions/subscription1`) or a topic (`topic1`), which has scheduled ones alone; nothing where the broker does not serve it.
 *
 * @param namespaceId the namespace's ARM id
 */
export type CountMessages = (namespaceId: string, path: string) => MessageCounts | undefined;
