import { randomUUID } from "node:crypto";
import { ServiceBusFault } from "../errors";
import { later, type Lock, type Message } from "./message";

/** The peek-locks of a queue: which message is whose to settle, and until when. */
export class Locks {
  private readonly byToken = new Map<string, Lock>();

  /** @param expired called with a message whose lock has expired; it is not locked then */
  constructor(private readonly expired: (message: Message) => void) {}

  get size(): number {
    return this.byToken.size;
  }

  /** Every locked message. */
  messages(): Message[] {
    return [...this.byToken.values()].map(({ message }) => message);
  }

  /** @param bySession the message is locked by its session's lock, and by no time of its own */
  take(message: Message, until: number, bySession: boolean): void {
    const lock: Lock = { token: randomUUID(), message, until };
    message.lock = lock;
    this.byToken.set(lock.token, lock);
    if (!bySession) this.watch(lock);
  }

  /** @throws ServiceBusFault where the lock is no longer held */
  of(token: string): Lock {
    const lock = this.byToken.get(token);
    if (!lock) {
      throw new ServiceBusFault(
        "com.microsoft:message-lock-lost",
        "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue, or was received by a different receiver instance.",
      );
    }
    return lock;
  }

  /** @throws ServiceBusFault where the lock is no longer held */
  renew(token: string, until: number): void {
    const lock = this.of(token);
    lock.until = until;
    this.watch(lock);
  }

  release(message: Message): void {
    if (!message.lock) return;
    clearTimeout(message.lock.timer);
    this.byToken.delete(message.lock.token);
    message.lock = undefined;
  }

  private watch(lock: Lock): void {
    clearTimeout(lock.timer);
    lock.timer = later(lock.until, () => {
      this.release(lock.message);
      this.expired(lock.message);
    });
  }
}
