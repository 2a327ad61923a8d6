import type { Delivery, Sender, Typed } from "rhea";
import type { Changes } from "../entities/content";
import type { Receiver } from "../entities/ready-queue";
import type { Message } from "../entities/message";
import type { MessageQueue } from "../entities/queue";
import type { Settlement } from "../entities/settlement";
import type { Transaction, Transactions } from "../entities/transaction";
import { ServiceBusFault } from "../errors";
import { inTransaction, transactionOf } from "./coordinator";
import type { Listening } from "./listening";
import { amqpError, encodedValue, type Outcome as OutcomeName, outcome as echoed, rejected } from "./values";
import { Credit } from "./credit";
import { tagOf, tokenOf } from "./tags";

/** A receiver's outcome as rhea shows it. */
interface Outcome {
  readonly undeliverable_here?: boolean;
  readonly message_annotations?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly condition?: string; readonly info?: Readonly<Record<string, unknown>> };
}

export interface ReceivingLinkProps {
  readonly sender: Sender;
  readonly queue: MessageQueue;
  readonly listen: Listening;
  readonly transactions: Transactions;
  /** Where the link holds a session. */
  readonly sessionId?: string;
}

/** A client's receiver: takes messages of a queue and settles them. */
export class ReceivingLink implements Receiver {
  readonly mode: Receiver["mode"];
  private readonly remaining: Credit;

  private readonly sender: Sender;
  private readonly queue: MessageQueue;
  private readonly transactions: Transactions;
  private readonly sessionId?: string;

  constructor({ sender, queue, listen, transactions, sessionId }: ReceivingLinkProps) {
    this.sender = sender;
    this.queue = queue;
    this.transactions = transactions;
    this.sessionId = sessionId;
    // sender-settle-mode 1: settled when sent.
    this.mode = sender.snd_settle_mode === 1 ? "receive-and-delete" : "peek-lock";
    this.remaining = new Credit(sender);
    listen(sender, "sender_flow", () => {
      this.moreWanted();
    });
    for (const outcome of ["accepted", "released", "rejected", "modified"] as const) {
      listen(sender, outcome, ({ delivery }) => {
        if (delivery) this.settled(delivery, outcome);
      });
    }
  }

  credit = (): number => this.remaining.available();

  deliver = (message: Message): void => {
    const tag = message.lock ? tagOf(message.lock.token) : Buffer.alloc(0);
    const delivery = this.remaining.send(message.encoded(), tag);
    // A settled delivery would otherwise wait in rhea's ring for an answer that never comes.
    if (this.mode === "receive-and-delete") (delivery as { settled: boolean }).settled = true;
  };

  end = (reason: Error): void => {
    if (!(reason instanceof ServiceBusFault)) throw reason;
    this.detach();
    this.sender.close(amqpError(reason));
  };

  /** The client is gone, or has closed the link. */
  detach(): void {
    if (this.sessionId === undefined) {
      this.queue.detach(this);
      return;
    }
    const released = this.queue.sessions.release(this.sessionId, this);
    if (!released) return;
    this.queue.releaseSession(this.sessionId, released.hasExpired);
    this.queue.sessions.offer(this.sessionId);
  }

  private moreWanted(): void {
    if (this.sessionId === undefined) this.queue.dispatch();
    else this.queue.sessions.dispatch(this.sessionId);
    if (this.remaining.askedBack()) {
      // After what was just handed out is written.
      process.nextTick(() => {
        this.remaining.giveBack();
      });
    }
  }

  private settled(delivery: Delivery, outcome: OutcomeName): void {
    // Of a link that its client has closed nothing is settled any more: the lock goes on.
    if (!(this.sender as unknown as { is_remote_open(): boolean }).is_remote_open()) return;
    let state: Typed;
    try {
      const transaction = transactionOf(delivery, this.transactions);
      this.settle(tokenOf(delivery.tag as unknown as Buffer), delivery, outcome, transaction);
      state = inTransaction(transaction, echoed(outcome));
    } catch (error) {
      if (!(error instanceof ServiceBusFault)) throw error;
      state = rejected(error);
    }
    delivery.update(true, state);
    (delivery as { remote_settled: boolean }).remote_settled = true;
  }

  /** @throws ServiceBusFault where the lock is no longer held */
  private settle(token: string, delivery: Delivery, outcome: OutcomeName, transaction: Transaction | undefined): void {
    const settlement = settlementOf(outcome, delivery.remote_state as unknown as Outcome);
    if (transaction)
      enlistSettlement(transaction, { queue: this.queue, session: this.sender.session, token, settlement });
    else this.queue.settle(token, settlement);
  }
}

function settlementOf(outcome: string, { undeliverable_here, message_annotations, error }: Outcome): Settlement {
  if (outcome === "accepted") return { outcome: "complete" };
  if (outcome === "rejected") {
    const { DeadLetterReason, DeadLetterErrorDescription, ...rest } = error?.info ?? {};
    return {
      outcome: "dead-letter",
      ...(typeof DeadLetterReason === "string" ? { reason: DeadLetterReason } : {}),
      ...(typeof DeadLetterErrorDescription === "string" ? { description: DeadLetterErrorDescription } : {}),
      changes: changesOf(rest),
    };
  }
  if (outcome === "released") return { outcome: "release" };
  return { outcome: undeliverable_here === true ? "defer" : "abandon", changes: changesOf(message_annotations ?? {}) };
}

/** Settles a message when a transaction is committed. It stays locked until then, and after a rollback. @throws ServiceBusFault where its lock is no longer held */
export function enlistSettlement(
  transaction: Transaction,
  {
    queue,
    session,
    token,
    settlement,
  }: {
    readonly queue: MessageQueue;
    readonly session: object;
    readonly token: string;
    readonly settlement: Settlement;
  },
): void {
  transaction.enlist({
    entity: queue.path,
    session,
    keys: [`settle ${token}`],
    check: () => {
      queue.demandSettling(token, settlement);
    },
    commit: () => {
      queue.settle(token, settlement);
    },
  });
}

/** What a receiver asks to change about a message it gives back. */
export function changesOf(properties: Readonly<Record<string, unknown>>): Changes | undefined {
  const entries = Object.entries(properties);
  if (entries.length === 0) return undefined;
  return { applicationProperties: new Map(entries.map(([name, value]) => [name, encodedValue(value)])) };
}
