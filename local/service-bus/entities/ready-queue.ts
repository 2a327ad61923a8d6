import { Heap } from "heap-js";
import type { Message } from "./message";

/** Who takes messages: an open link, as a queue sees it. */
export interface Receiver {
  readonly mode: "peek-lock" | "receive-and-delete";
  /** How many more messages it wants now. */
  readonly credit: () => number;
  readonly deliver: (message: Message) => void;
  /** Called when it cannot continue. */
  readonly end: (reason: Error) => void;
}

/** Messages that wait in the order of their sequence numbers, and those who take them by turns. */
export class ReadyQueue {
  // A message that comes back takes its old place, so this is no plain list.
  private readonly waiting = new Heap<Message>((one, other) => one.sequence - other.sequence);
  private readonly receivers: Receiver[] = [];
  private turn = 0;
  private stalled = false;

  constructor(private readonly hand: (message: Message, receiver: Receiver) => void) {}

  get attached(): readonly Receiver[] {
    return [...this.receivers];
  }

  /** How many wait, at most: 0 where none does. */
  get length(): number {
    this.forgetGone();
    return this.waiting.length;
  }

  add(message: Message): void {
    this.forgetGone();
    this.waiting.push(message);
    this.dispatch();
  }

  /** What was taken out of the queue while it waited here is not kept. */
  private forgetGone(): void {
    for (let next = this.waiting.peek(); next && !isReady(next); next = this.waiting.peek()) this.waiting.pop();
  }

  attach(receiver: Receiver): void {
    this.receivers.push(receiver);
  }

  detach(receiver: Receiver): void {
    const index = this.receivers.indexOf(receiver);
    if (index >= 0) this.receivers.splice(index, 1);
  }

  /** Hands out nothing, or goes on. */
  stall(stalled: boolean): void {
    this.stalled = stalled;
    this.dispatch();
  }

  /** Hands out what waits, as far as there is credit. */
  dispatch(): void {
    while (!this.stalled && this.waiting.length > 0) {
      const receiver = this.nextWithCredit();
      if (!receiver) return;
      const message = this.waiting.pop();
      if (message && isReady(message)) this.hand(message, receiver);
    }
  }

  private nextWithCredit(): Receiver | undefined {
    for (let tries = 0; tries < this.receivers.length; tries += 1) {
      this.turn = (this.turn + 1) % this.receivers.length;
      const receiver = this.receivers[this.turn];
      if (receiver && receiver.credit() > 0) return receiver;
    }
    return undefined;
  }
}

/** It may have been taken out of the queue while it waited here: by sequence number, or because it expired. */
function isReady({ state, gone, lock }: Message): boolean {
  return state === "active" && !gone && !lock;
}
