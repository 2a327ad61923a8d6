import { randomBytes } from "node:crypto";
import { ServiceBusFault } from "../errors";
import type { Content } from "./content";
import { later } from "./message";
import type { NamespaceEntities } from "./namespace";

/** How long a transaction may last (learn.microsoft.com/azure/service-bus-messaging/service-bus-transactions#timeout). */
const LONGEST_MS = 120_000;

/** learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas */
const MOST_MESSAGES = 100;

/** Where an operation comes from, and what it is on. */
export interface Place {
  /** The queue, the topic or the subscription. */
  readonly entity: string;
  /** The session of its link: a transaction over several entities is one of links that share a session. */
  readonly session: object;
}

/** An operation that is no send. */
export interface Work extends Place {
  /** What it does, by names of its own: nothing is done twice in a transaction. */
  readonly keys: readonly string[];
  /** @throws ServiceBusFault where it cannot be done */
  readonly check: () => void;
  /** Does it, when the transaction is committed. It has been checked. */
  readonly commit?: () => void;
  /** Undoes what was done at once, when the transaction is rolled back. */
  readonly rollBack?: () => void;
}

/** Operations that are done together or not at all. */
export class Transaction {
  readonly id = randomBytes(16);
  private began?: Place;
  private readonly works: Work[] = [];
  private readonly keys = new Set<string>();
  /** What is to be sent, by entity. */
  private readonly sends = new Map<string, Content[]>();

  constructor(private readonly entities: Pick<NamespaceEntities, "check" | "send">) {}

  /** @throws ServiceBusFault where they cannot be sent, or not in this transaction */
  send(place: Place, contents: readonly Content[]): void {
    this.join(place);
    const sent = this.sends.get(place.entity) ?? [];
    if ([...this.sends.values()].reduce((sum, { length }) => sum + length, contents.length) > MOST_MESSAGES) {
      throw new ServiceBusFault(
        "amqp:not-allowed",
        `Cannot send more than ${MOST_MESSAGES} messages in a single transaction.`,
      );
    }
    const all = [...sent, ...contents];
    this.entities.check(place.entity, all);
    this.sends.set(place.entity, all);
  }

  /** @throws ServiceBusFault where it cannot be done, or not in this transaction */
  enlist(work: Work): void {
    this.join(work);
    work.check();
    const twice = work.keys.find((key) => this.keys.has(key));
    if (twice !== undefined) {
      throw new ServiceBusFault("amqp:not-allowed", `This transaction does it already: ${twice}.`);
    }
    for (const key of work.keys) this.keys.add(key);
    this.works.push(work);
  }

  /** @throws ServiceBusFault where a part cannot be done; then none is */
  commit(): void {
    for (const { check } of this.works) check();
    for (const [entity, contents] of this.sends) this.entities.check(entity, contents);
    for (const { commit } of this.works) commit?.();
    for (const [entity, contents] of this.sends) this.entities.send(entity, contents);
  }

  rollBack(): void {
    for (const { rollBack } of [...this.works].reverse()) rollBack?.();
  }

  private join(place: Place): void {
    const { entity, session } = (this.began ??= place);
    if (session === place.session || rootOf(entity) === rootOf(place.entity)) return;
    throw new ServiceBusFault(
      "amqp:not-allowed",
      `A transaction is on one entity: this one began on '${rootOf(entity)}', and '${rootOf(place.entity)}' is another. Links to several entities must share a session.`,
    );
  }
}

/** The transactions of a connection: they end with it. */
export class Transactions {
  private readonly open = new Map<string, { readonly transaction: Transaction; readonly timer: NodeJS.Timeout }>();

  constructor(
    private readonly entities: Pick<NamespaceEntities, "check" | "send">,
    private readonly longestMs = LONGEST_MS,
  ) {}

  declare(): Transaction {
    const transaction = new Transaction(this.entities);
    const timer = later(Date.now() + this.longestMs, () => {
      this.discharge(transaction.id, true);
    });
    this.open.set(keyOf(transaction.id), { transaction, timer });
    return transaction;
  }

  /** @throws ServiceBusFault where it was discharged, or has lasted too long */
  of(id: Buffer): Transaction {
    const found = this.open.get(keyOf(id));
    if (found) return found.transaction;
    throw new ServiceBusFault(
      "amqp:transaction:unknown-id",
      "The transaction has not been declared, has been discharged, or has lasted more than two minutes.",
    );
  }

  /** @throws ServiceBusFault where it is not known, or cannot be committed: then it is rolled back */
  discharge(id: Buffer, fail: boolean): void {
    const transaction = this.of(id);
    clearTimeout(this.open.get(keyOf(id))?.timer);
    this.open.delete(keyOf(id));
    if (fail) {
      transaction.rollBack();
      return;
    }
    try {
      transaction.commit();
    } catch (error) {
      transaction.rollBack();
      if (!(error instanceof ServiceBusFault)) throw error;
      throw new ServiceBusFault("amqp:transaction:rollback", error.description);
    }
  }

  /** The connection has ended. */
  end(): void {
    for (const { transaction } of [...this.open.values()]) this.discharge(transaction.id, true);
  }
}

function keyOf(id: Buffer): string {
  return id.toString("hex");
}

/** A topic's subscriptions and an entity's sub-queues are on the same node as it is. */
function rootOf(path: string): string {
  return (path.split("/")[0] ?? path).toLowerCase();
}
