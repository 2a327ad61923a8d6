import type { Connection, Delivery, Receiver as RheaReceiver, Sender, Session } from "rhea";
import type { Content } from "../entities/content";
import type { NamespaceEntities } from "../entities/namespace";
import type { MessageQueue } from "../entities/queue";
import { type Transaction, Transactions } from "../entities/transaction";
import { ServiceBusFault } from "../errors";
import type { Access } from "./access";
import { addressOf, managedBy, takesRequests } from "./addresses";
import type { Admissions } from "./admissions";
import { textFrom } from "./encoding";
import type { Listening } from "./listening";
import type { RulesAtRunTime } from "./managed";
import { manage } from "./management";
import { ReceivingLink } from "./receiving-link";
import { ReplyLinks } from "./requests";
import { inTransaction, isToCoordinator, serveCoordinator, transactionOf } from "./coordinator";
import { answerAttach, echoTermini, refuseAttach } from "./rhea-server";
import { faultOf, serveSender } from "./sending-link";
import { sessionAskedFor, sourceWithSession } from "./session-filter";
import { requestSession } from "./session-request";
import { amqpError, outcome, rejected } from "./values";

/** How many requests a client may have under way on a link. */
const REQUESTS = 100;

/** The namespace that links lead to. */
export interface LinkedNamespace {
  readonly entities: NamespaceEntities;
  readonly rules: RulesAtRunTime;
  /** Whether it is a paired secondary. */
  readonly passive: () => boolean;
  /** Lets a fault happen between the enqueueing and the answer. @returns whether to answer */
  readonly beforeAnswer: (connection: Connection) => boolean;
}

export interface LinksProps extends LinkedNamespace {
  readonly admissions: Admissions;
  readonly listen: Listening;
  /** @throws ServiceBusFault where the connection is not open */
  readonly accessOf: (connection: Connection) => Access;
}

/** The links of a namespace's clients: to entities, to their management nodes, and to `$cbs`. */
export class Links {
  private readonly receiving = new Map<Sender, ReceivingLink>();
  /** How to withdraw those who wait for a session. */
  private readonly waiting = new Map<Sender, () => void>();
  private readonly replies = new ReplyLinks();
  /** The link by which tokens are put. */
  private readonly cbs = new WeakMap<Connection, RheaReceiver>();
  private readonly transactions = new Map<Connection, Transactions>();

  constructor(private readonly props: LinksProps) {}

  /** A client opens a link to send on. */
  clientSends(link: RheaReceiver): void {
    const node = addressOf(link.target);
    echoTermini(link);
    try {
      if (takesRequests(node)) {
        if (node === "$cbs") this.refuseSecond(link);
        else this.props.admissions.add(link);
        this.takeRequests(link, node);
        return;
      }
      if (isToCoordinator(link)) {
        this.props.admissions.add(link);
        serveCoordinator(link, this.transactionsOf(link.connection), this.props.listen);
        return;
      }
      this.admit(link.connection, "send", node);
      this.props.admissions.add(link, { action: "send", path: node });
      const { maxMessageBytes } = this.props.entities.sendable(node);
      (link as unknown as { local: { attach: { max_message_size: number } } }).local.attach.max_message_size =
        maxMessageBytes;
      serveSender(link, this.props.listen, (contents, delivery) => {
        this.take(link, node, contents, delivery);
      });
    } catch (error) {
      refuseAttach(link, amqpError(faultOf(error)));
    }
  }

  /** A client opens a link to receive on. It is answered once it is known what it gets. */
  clientReceives(link: Sender): void {
    const node = addressOf(link.source);
    echoTermini(link);
    if (takesRequests(node)) {
      this.replies.add(link, node);
      if (node !== "$cbs") this.props.admissions.add(link);
      answerAttach(link);
      return;
    }
    try {
      this.admit(link.connection, "receive", node);
      this.props.admissions.add(link, { action: "receive", path: node });
      this.receiveFrom(link, node, this.props.entities.receivable(node));
    } catch (error) {
      refuseAttach(link, amqpError(faultOf(error)));
    }
  }

  /** A link to receive on is gone. */
  closed(link: Sender): void {
    this.receiving.get(link)?.detach();
    this.receiving.delete(link);
    this.waiting.get(link)?.();
    this.replies.remove(link);
    this.props.admissions.remove(link);
  }

  /** A session is gone, and its links with it. */
  endOf(session: Session): void {
    for (const link of [...this.receiving.keys(), ...this.waiting.keys()]) {
      if (link.session === session) this.closed(link);
    }
    this.props.admissions.removeOf(session);
  }

  /** A connection is gone, and its links with it. */
  forget(connection: Connection): void {
    for (const link of [...this.receiving.keys(), ...this.waiting.keys()]) {
      if (link.connection === connection) this.closed(link);
    }
    this.transactions.get(connection)?.end();
    this.transactions.delete(connection);
  }

  private receiveFrom(link: Sender, node: string, queue: MessageQueue): void {
    const asked = sessionAskedFor(link);
    if (queue.settings.requiresSession !== (asked !== undefined)) {
      throw new ServiceBusFault(
        "amqp:not-allowed",
        asked === undefined
          ? `It is not possible for an entity that requires sessions to create a non-sessionful message receiver. Resource: '${node}'.`
          : `A sessionful message receiver cannot be created on an entity that does not require sessions. Resource: '${node}'.`,
      );
    }
    if (asked === undefined) {
      queue.attach(this.receive(link, queue));
      return;
    }
    const withdraw = requestSession({
      link,
      queue,
      asked,
      granted: (sessionId) => {
        link.set_source(sourceWithSession(link, sessionId));
        return this.receive(link, queue, sessionId);
      },
      refused: (fault) => {
        refuseAttach(link, amqpError(fault));
      },
      settled: () => {
        this.waiting.delete(link);
      },
    });
    if (!this.receiving.has(link)) this.waiting.set(link, withdraw);
  }

  private receive(link: Sender, queue: MessageQueue, sessionId?: string): ReceivingLink {
    const receiver = new ReceivingLink({
      sender: link,
      queue,
      listen: this.props.listen,
      transactions: this.transactionsOf(link.connection),
      sessionId,
    });
    this.receiving.set(link, receiver);
    answerAttach(link);
    return receiver;
  }

  private take(link: RheaReceiver, path: string, contents: readonly Content[], delivery: Delivery): void {
    const transaction = transactionOf(delivery, this.transactionsOf(link.connection));
    if (transaction) transaction.send({ entity: path, session: link.session }, contents);
    else this.props.entities.send(path, contents);
    if (!this.props.beforeAnswer(link.connection)) return;
    delivery.update(true, inTransaction(transaction, outcome("accepted")));
  }

  private transactionsOf(connection: Connection): Transactions {
    const known = this.transactions.get(connection) ?? new Transactions(this.props.entities);
    this.transactions.set(connection, known);
    return known;
  }

  /** A connection has one pair of links to `$cbs` at a time. */
  private refuseSecond(link: RheaReceiver): void {
    const before = this.cbs.get(link.connection);
    if ((before as unknown as { is_remote_open(): boolean } | undefined)?.is_remote_open()) {
      throw new ServiceBusFault("amqp:not-allowed", "A link to the node '$cbs' is open on this connection already.");
    }
    this.cbs.set(link.connection, link);
  }

  private takeRequests(link: RheaReceiver, node: string): void {
    link.add_credit(REQUESTS);
    this.props.listen(link, "message", ({ message, delivery }) => {
      link.add_credit(1);
      if (!delivery) return;
      let transaction: Transaction | undefined;
      try {
        transaction = transactionOf(delivery, this.transactionsOf(link.connection));
      } catch (error) {
        delivery.update(true, rejected(faultOf(error)));
        return;
      }
      delivery.update(true, inTransaction(transaction, outcome("accepted")));
      this.answer(link, node, message as unknown as Buffer, transaction);
    });
  }

  private answer({ connection, session }: RheaReceiver, node: string, bytes: Buffer, transaction?: Transaction): void {
    if (node === "$cbs") {
      this.replies.answer(connection, bytes, node, ({ properties, body }) => {
        const audience = textFrom(properties.name);
        const until = this.props.accessOf(connection).put(audience, textFrom(properties.type), textFrom(body));
        this.props.admissions.watchToken(connection, audience, until);
        return { status: 202 };
      });
      return;
    }
    const path = managedBy(node);
    this.replies.answer(connection, bytes, node, (request) =>
      manage(
        {
          entities: this.props.entities,
          rules: this.props.rules,
          path,
          session,
          transaction,
          demand: (action) => {
            this.admit(connection, action, path);
          },
        },
        request,
      ),
    );
  }

  private admit(connection: Connection, action: "send" | "receive", path: string): void {
    this.props.accessOf(connection).demand(action, path);
    if (!this.props.passive()) return;
    throw new ServiceBusFault(
      "com.microsoft:entity-disabled",
      `The namespace ${this.props.entities.name} is the secondary of a pairing and serves no client until a failover.`,
    );
  }
}

/** Ends a link with an error. */
export function refuse(link: { close(error: object): void }, fault: ServiceBusFault): void {
  link.close(amqpError(fault));
}
