import type { QueueSettings } from "../../azure/messaging";
import { text } from "../amqp/encoding";
import { ServiceBusFault } from "../errors";
import type { Content } from "./content";
import { DuplicateHistory } from "./duplicates";
import type { DeadLetterMove, History } from "./history";
import { ReadyQueue, type Receiver } from "./ready-queue";
import { Locks } from "./locks";
import { later, Message } from "./message";
import { type RedeliveryCause, UNCOUNTED } from "./redelivery";
import { Sessions } from "./sessions";
import type { Settlement } from "./settlement";
import { EntityTimes } from "./times";

/** What a queue needs of the namespace around it. */
export interface QueueSurroundings {
  /** Puts a message into another entity. */
  readonly forward: (target: string, content: Content, source: string, history: History) => void;
  readonly redelivered: (path: string, messageId: string, cause: RedeliveryCause) => void;
}

export interface ServedSettings extends QueueSettings {
  /** Whether its entity forwards what comes here, before it does. @default false */
  readonly isPassedOn?: boolean;
}

export interface QueueProps {
  /** As receivers name it: `queue1`, `topic1/Subscriptions/subscription1`, `queue1/$DeadLetterQueue`. */
  readonly path: string;
  readonly settings: ServedSettings;
  readonly surroundings: QueueSurroundings;
  /** None: a sub-queue. A message there stays until a receiver takes it, also after its time to live. */
  readonly moveToDeadLetters?: DeadLetterMove;
}

/** A queue or a subscription, or the dead-letter queue of one. */
export class MessageQueue {
  /** Everything in it, in the order of sequence numbers. */
  private readonly messages = new Map<number, Message>();
  private readonly locks = new Locks((message) => {
    this.comeBack(message, "lock expired");
  });
  private readonly ready = new ReadyQueue((message, receiver) => {
    this.hand(message, receiver);
  });
  readonly sessions = new Sessions(
    (message, receiver) => {
      this.hand(message, receiver);
    },
    () => this.settings.lockDurationMs,
  );
  readonly path: string;
  settings: ServedSettings;
  private readonly surroundings: QueueSurroundings;
  private readonly moveToDeadLetters?: DeadLetterMove;
  private readonly duplicates?: DuplicateHistory;
  readonly times = new EntityTimes();
  private lastSequence = 0;
  private bytes = 0;
  private readonly tally = { active: 0, deferred: 0, scheduled: 0 };

  constructor({ path, settings, surroundings, moveToDeadLetters }: QueueProps) {
    this.path = path;
    this.settings = settings;
    this.surroundings = surroundings;
    this.moveToDeadLetters = moveToDeadLetters;
    if (settings.duplicateWindowMs !== undefined) this.duplicates = new DuplicateHistory(settings.duplicateWindowMs);
  }

  /** Ends what it serves: the entity is deleted, its messages with it. */
  close(): void {
    const gone = new ServiceBusFault("amqp:not-found", `The messaging entity '${this.path}' has been deleted.`);
    for (const receiver of [...this.ready.attached, ...this.sessions.holders()]) receiver.end(gone);
    for (const message of this.locks.messages()) this.locks.release(message);
    for (const message of [...this.messages.values()]) this.remove(message);
  }

  /**
   * Refuses what must not come in. Nothing of a batch is enqueued before all of it was checked.
   *
   * @throws ServiceBusFault
   */
  check(contents: readonly Content[]): void {
    const { status, requiresSession, maxSizeBytes } = this.settings;
    if (status === "Disabled" || status === "SendDisabled") {
      throw new ServiceBusFault(
        "com.microsoft:entity-disabled",
        `Messaging entity '${this.path}' is currently disabled.`,
      );
    }
    const size = contents.reduce((sum, content) => sum + content.size, 0);
    if (this.bytes + size > maxSizeBytes) {
      throw new ServiceBusFault(
        "amqp:resource-limit-exceeded",
        `The maximum entity size has been reached or exceeded for '${this.path}'. Size of entity in bytes:${this.bytes}, Max entity size in bytes:${maxSizeBytes}.`,
      );
    }
    if (requiresSession && contents.some(({ sessionId }) => sessionId === undefined)) {
      throw new ServiceBusFault(
        "amqp:not-allowed",
        `The SessionId was not set on a message, and it cannot be sent to the entity. Entities that have session support enabled can only receive messages that have the SessionId set to a valid value.`,
      );
    }
  }

  /** @returns the sequence number, or nothing where the message was a duplicate, or went elsewhere */
  enqueue(content: Content, history: History = {}): number | undefined {
    this.times.touch();
    const due = content.scheduledFor;
    if (this.duplicates?.admit(content.messageId) === false) {
      // Who schedules a duplicate gets a number all the same.
      return due === undefined ? undefined : this.nextSequence();
    }
    if (due !== undefined && due > Date.now()) return this.schedule(content, due);
    return this.place(content, history);
  }

  /** Here, or where the entity forwards to. @returns the sequence number, where it is here */
  private place(content: Content, history: History): number | undefined {
    const { forwardTo } = this.settings;
    if (forwardTo === undefined) return this.put(content, history).sequence;
    this.surroundings.forward(forwardTo, content, this.path, { firstSequence: this.nextSequence(), ...history });
    return undefined;
  }

  private put(content: Content, history: History = {}): Message {
    const { failedDeliveries = 0, deadLetterSource, hops = 0, firstSequence, wasScheduled = false } = history;
    const ttl = this.moveToDeadLetters
      ? Math.min(content.timeToLive ?? Infinity, this.settings.timeToLiveMs)
      : Infinity;
    const message = new Message(
      content,
      this.nextSequence(),
      Date.now(),
      Number.isFinite(ttl) ? ttl : undefined,
      deadLetterSource,
    );
    message.failedDeliveries = failedDeliveries;
    message.hops = hops;
    message.firstSequence = firstSequence;
    message.wasScheduled = wasScheduled;
    this.admit(message);
    message.expiresBy(() => {
      this.expire(message);
    });
    this.makeReady(message);
    return message;
  }

  private schedule(content: Content, due: number): number {
    const message = new Message(content, this.nextSequence(), due, undefined);
    message.state = "scheduled";
    this.admit(message);
    later(due, () => {
      if (message.gone) return;
      this.remove(message);
      // It is enqueued only now, and numbered anew.
      this.place(content, { firstSequence: message.sequence, wasScheduled: true });
    });
    return message.sequence;
  }

  /** @throws ServiceBusFault where one is no longer scheduled; then none is cancelled */
  cancelScheduled(sequences: readonly number[]): void {
    const found = sequences.map((sequence) => this.messages.get(sequence));
    this.demandScheduled(sequences);
    for (const message of found) if (message) this.remove(message);
  }

  /** @throws ServiceBusFault where one is no longer scheduled */
  demandScheduled(sequences: readonly number[]): void {
    const gone = sequences.find((sequence) => !this.isScheduled(sequence));
    if (gone !== undefined) throw notFound(gone);
  }

  isScheduled(sequence: number): boolean {
    return this.messages.get(sequence)?.state === "scheduled";
  }

  attach(receiver: Receiver): void {
    this.times.touch();
    this.ready.attach(receiver);
    this.ready.dispatch();
  }

  /** What it has locked stays locked until the locks expire. */
  detach(receiver: Receiver): void {
    this.ready.detach(receiver);
  }

  /** Takes messages and hands none out, or goes on. What has a session is handed out all the same. */
  stall(stalled: boolean): void {
    this.ready.stall(stalled);
  }

  /** A receiver wants more. */
  dispatch(): void {
    this.ready.dispatch();
  }

  /** @throws ServiceBusFault where the lock is no longer held */
  settle(token: string, settlement: Settlement): void {
    this.demandSettling(token, settlement);
    const { message } = this.locks.of(token);
    this.locks.release(message);
    switch (settlement.outcome) {
      case "complete":
        this.remove(message);
        return;
      case "defer":
        if (settlement.changes) message.content = message.content.changed(settlement.changes);
        this.enterState(message, "deferred");
        message.failedDeliveries += 1;
        return;
      case "release":
        this.redeliver(message, "released");
        return;
      case "abandon":
        if (settlement.changes) message.content = message.content.changed(settlement.changes);
        this.redeliver(message, "abandoned");
        return;
      case "dead-letter":
        if (settlement.changes) message.content = message.content.changed(settlement.changes);
        this.deadLetter(message, settlement.reason, settlement.description);
    }
  }

  /** @throws ServiceBusFault where a message cannot be settled so */
  demandSettling(token: string, { outcome }: Settlement): void {
    this.locks.of(token);
    if (outcome === "dead-letter" && !this.moveToDeadLetters) {
      throw new ServiceBusFault("amqp:not-allowed", `What is in '${this.path}' cannot be dead-lettered once more.`);
    }
  }

  /** @returns until when, in milliseconds since the epoch */
  renew(token: string): number {
    const until = Date.now() + this.settings.lockDurationMs;
    this.locks.renew(token, until);
    return until;
  }

  /** Messages from a sequence number on, unlocked; scheduled and deferred ones too. */
  peek(from: number, count: number, sessionId?: string): Message[] {
    this.times.touch();
    const found: Message[] = [];
    for (const message of this.messages.values()) {
      if (message.sequence < from) continue;
      if (sessionId !== undefined && message.content.sessionId !== sessionId) continue;
      found.push(message);
      if (found.length >= count) break;
    }
    return found;
  }

  /** @throws ServiceBusFault where one is not deferred, or is locked */
  receiveDeferred(sequences: readonly number[], receiver: Pick<Receiver, "mode">): Message[] {
    // The same number twice is one message.
    const found = [...new Set(sequences)].map((sequence) => {
      const message = this.messages.get(sequence);
      if (message?.state !== "deferred" || message.lock) throw notFound(sequence);
      if (this.settings.requiresSession) this.sessions.demand(message.content.sessionId ?? "");
      return message;
    });
    // Their time to live was not checked while they were deferred.
    const [expired, alive] = [found.filter((message) => message.expired), found.filter((message) => !message.expired)];
    for (const message of expired) {
      this.enterState(message, "active");
      this.expire(message);
    }
    for (const message of alive) {
      if (receiver.mode === "receive-and-delete") this.remove(message);
      else this.lock(message);
    }
    return alive;
  }

  /** The sessions that have messages to receive. */
  sessionsWithMessages(): string[] {
    const active = [...this.messages.values()].filter(({ state }) => state === "active");
    return [...new Set(active.flatMap(({ content }) => content.sessionId ?? []))];
  }

  /** Deletes the oldest messages that no receiver holds. @param before when they were enqueued, in milliseconds since the epoch @returns how many were deleted */
  deleteOldest(count: number, before: number): number {
    const found: Message[] = [];
    for (const message of this.messages.values()) {
      if (found.length >= count) break;
      if (message.state === "active" && !message.lock && message.enqueuedAt < before) found.push(message);
    }
    for (const message of found) this.remove(message);
    return found.length;
  }

  /** Whether what comes in goes on to another entity: then nothing can be received here. */
  get forwards(): boolean {
    return this.settings.forwardTo !== undefined || this.settings.isPassedOn === true;
  }

  /** How many receivers it has. */
  get receivers(): number {
    return this.ready.attached.length + this.sessions.holders().length;
  }

  /** A subscription counts as accessed when it is made, a queue does not. In milliseconds since the epoch. */
  get accessedAt(): number | undefined {
    return this.times.usedAt ?? (/\/subscriptions\//i.test(this.path) ? this.times.createdAt : undefined);
  }

  /** Of all messages, as their senders wrote them. */
  get sizeInBytes(): number {
    return this.bytes;
  }

  /** How many messages are in each state. */
  get counts(): { active: number; deferred: number; scheduled: number; locked: number } {
    return { ...this.tally, locked: this.locks.size };
  }

  /** Ends every lock now: what a node of the service that goes away takes with it. */
  loseLocks(): void {
    for (const message of this.locks.messages()) this.endLock(message, "lock lost");
  }

  /** Ends the locks of one session's messages. @param hasExpired whether its lock ended by time, and not by its holder */
  releaseSession(sessionId: string, hasExpired: boolean): void {
    for (const message of this.locks.messages()) {
      if (message.content.sessionId === sessionId)
        this.endLock(message, hasExpired ? "session lock expired" : "session closed");
    }
  }

  private hand(message: Message, receiver: Receiver): void {
    this.times.touch();
    if (message.expired) {
      this.expire(message);
      return;
    }
    if (receiver.mode === "receive-and-delete") this.remove(message);
    else this.lock(message);
    receiver.deliver(message);
  }

  private lock(message: Message): void {
    const { requiresSession, lockDurationMs } = this.settings;
    const bySession = requiresSession ? this.sessions.lockedUntil(message.content.sessionId) : undefined;
    this.locks.take(message, bySession ?? Date.now() + lockDurationMs, requiresSession);
  }

  private endLock(message: Message, cause: RedeliveryCause): void {
    this.locks.release(message);
    this.comeBack(message, cause);
  }

  /** A message whose lock ended without its holder. */
  private comeBack(message: Message, cause: RedeliveryCause): void {
    if (message.state !== "deferred" && message.expired) this.expire(message);
    else this.redeliver(message, cause);
  }

  private redeliver(message: Message, cause: RedeliveryCause): void {
    // In a dead-letter queue nothing follows from the count, and giving a message back does not raise it.
    const isCounted = !UNCOUNTED.includes(cause) && !(cause === "abandoned" && !this.moveToDeadLetters);
    if (isCounted) message.failedDeliveries += 1;
    if (isCounted && this.moveToDeadLetters && message.failedDeliveries >= this.settings.maxDeliveryCount) {
      this.deadLetter(
        message,
        "MaxDeliveryCountExceeded",
        `Message could not be consumed after ${this.settings.maxDeliveryCount} delivery attempts.`,
      );
      return;
    }
    // What was deferred stays so: it is received by its number, and by nothing else.
    if (message.state === "deferred") return;
    this.surroundings.redelivered(this.path, message.content.messageId, cause);
    this.makeReady(message);
  }

  private makeReady(message: Message): void {
    this.enterState(message, "active");
    if (this.settings.requiresSession) this.sessions.add(message);
    else this.ready.add(message);
  }

  private deadLetter(message: Message, reason?: string, description?: string): void {
    this.remove(message);
    this.moveToDeadLetters?.(withReason(message.content, reason, description), message);
  }

  /** Dead-letters what never came in. */
  deadLetterUnqueued(content: Content, reason: string, description: string): void {
    this.moveToDeadLetters?.(withReason(content, reason, description), { failedDeliveries: 0, hops: 0 });
  }

  private expire(message: Message): void {
    // A locked message is its holder's; it is looked at again when the lock ends.
    if (message.gone || message.lock || message.state === "deferred") return;
    if (this.settings.deadLetterOnExpiration) {
      this.deadLetter(message, "TTLExpiredException", "The message expired and was dead lettered.");
    } else {
      this.remove(message);
    }
  }

  private admit(message: Message): void {
    this.messages.set(message.sequence, message);
    this.bytes += message.content.size;
    this.tally[message.state] += 1;
  }

  private enterState(message: Message, state: Message["state"]): void {
    this.tally[message.state] -= 1;
    message.state = state;
    this.tally[state] += 1;
  }

  private remove(message: Message): void {
    message.gone = true;
    message.forgetExpiry();
    this.messages.delete(message.sequence);
    this.bytes -= message.content.size;
    this.tally[message.state] -= 1;
  }

  private nextSequence(): number {
    this.lastSequence += 1;
    return this.lastSequence;
  }
}

/** A receiver may dead-letter without a word: then there is none to read. */
function withReason(content: Content, reason?: string, description?: string): Content {
  const words = [
    ["DeadLetterReason", reason],
    ["DeadLetterErrorDescription", description],
  ] as const;
  const given = words.flatMap(([name, value]) => (value === undefined ? [] : [[name, text(value)] as const]));
  return given.length === 0 ? content : content.changed({ applicationProperties: new Map(given) });
}

function notFound(sequence: number | undefined): ServiceBusFault {
  return new ServiceBusFault(
    "com.microsoft:message-not-found",
    `Failed to find a message with sequence number ${sequence ?? "?"} in the state that the operation needs.`,
  );
}
