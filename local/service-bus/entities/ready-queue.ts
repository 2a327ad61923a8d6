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

  get length(): number {
    return this.waiting.length;
  }

  add(message: Message): void {
    this.waiting.push(message);
    this.dispatch();
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
      // It may have been taken out of the queue while it waited here: by sequence number, or because it expired.
      if (message?.state === "active" && !message.gone && !message.lock) this.hand(message, receiver);
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
