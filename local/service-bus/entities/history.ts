import type { Content } from "./content";

/** What is known of a message that was in another queue before. */
export interface History {
  /** @default 0 */
  readonly failedDeliveries?: number;
  /** The entity whose dead-letter queue forwarded it. */
  readonly deadLetterSource?: string;
  /** How often it was forwarded. @default 0 */
  readonly hops?: number;
  /** Its number in the entity that it was sent to. @default it was sent to this one */
  readonly firstSequence?: number;
  /** Whether it has waited for its time. @default false */
  readonly wasScheduled?: boolean;
}

/** Where a message goes that no consumer could handle. */
export type DeadLetterMove = (
  content: Content,
  history: Required<Pick<History, "failedDeliveries" | "hops">> & {
    /** Its number where it was. @default it was never enqueued */
    readonly sequence?: number;
  },
) => void;
