import { int, long, text, timestamp, uuid } from "../amqp/encoding";
import { headerSection } from "../amqp/sections";
import type { Content } from "./content";

/** The values of `x-opt-message-state`. */
const STATES = { active: 0, deferred: 1, scheduled: 2 } as const;

/** A message in a queue or subscription: its content and its state. */
export class Message {
  state: keyof typeof STATES = "active";
  /** Deliveries that ended without completion. */
  failedDeliveries = 0;
  /** How often it was forwarded to come here. */
  hops = 0;
  /** Its number in the entity that it was sent to, where it has another one here. */
  firstSequence?: number;
  /** Whether it has waited for its time. */
  wasScheduled = false;
  lock?: Lock;
  /** No longer in the queue. */
  gone = false;
  private expiry?: NodeJS.Timeout;

  constructor(
    public content: Content,
    readonly sequence: number,
    /** In milliseconds since the epoch. */
    readonly enqueuedAt: number,
    /** In milliseconds; none: it stays. */
    readonly timeToLive: number | undefined,
    /** Where it was dead-lettered, if it was forwarded from there. */
    readonly deadLetterSource?: string,
  ) {}

  expiresBy(expire: () => void): void {
    if (this.timeToLive === undefined) return;
    this.expiry = later(this.enqueuedAt + this.timeToLive, expire);
  }

  get expired(): boolean {
    return this.timeToLive !== undefined && Date.now() >= this.enqueuedAt + this.timeToLive;
  }

  forgetExpiry(): void {
    clearTimeout(this.expiry);
  }

  /** The bytes a receiver gets. */
  encoded(): Buffer {
    const annotations: [string, Buffer][] = [
      ["x-opt-sequence-number", long(this.sequence)],
      ["x-opt-enqueued-time", timestamp(this.enqueuedAt)],
    ];
    if (this.firstSequence !== undefined) annotations.push(["x-opt-enqueue-sequence-number", long(this.firstSequence)]);
    // An active message has no state to tell, unless it has waited for its time.
    const state = this.state === "active" && this.wasScheduled ? "scheduled" : this.state;
    if (state !== "active") annotations.push(["x-opt-message-state", int(STATES[state])]);
    if (this.lock) annotations.push(["x-opt-locked-until", timestamp(this.lock.until)]);
    if (this.deadLetterSource !== undefined) annotations.push(["x-opt-deadletter-source", text(this.deadLetterSource)]);
    return this.content.encoded(
      headerSection({ ttl: this.timeToLive, deliveryCount: this.failedDeliveries, priority: this.content.priority }),
      annotations,
      this.lock ? [["x-opt-lock-token", uuid(this.lock.token)]] : [],
    );
  }
}

/** A peek-lock: who settles the message, and until when. */
export interface Lock {
  /** A UUID. */
  readonly token: string;
  readonly message: Message;
  until: number;
  timer?: NodeJS.Timeout;
}

/** Node's longest timer; what is due later is looked at again then. */
const LONGEST_TIMER = 2_147_483_647;

/** Runs something at a time, never before it; never keeps the process alive for it. */
export function later(at: number, run: () => void): NodeJS.Timeout {
  // Timers and the clock round apart: without a millisecond more it could be too early by one.
  const wait = Math.max(0, at - Date.now()) + 1;
  const timer = wait > LONGEST_TIMER ? setTimeout(() => later(at, run), LONGEST_TIMER) : setTimeout(run, wait);
  return timer.unref();
}
