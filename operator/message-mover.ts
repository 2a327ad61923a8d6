import {
  type ServiceBusClient,
  type ServiceBusReceivedMessage,
  type ServiceBusReceiver,
  type ServiceBusSender,
  type ServiceBusSessionReceiver,
  isServiceBusError,
} from "@azure/service-bus";
import { copyOf } from "./message-copy";
import { peeked } from "./peeking";

/** Where a moved message came from: the namespace, the entity and its sequence number there. */
export const MOVED = "operatorMoved";

/** How long a receive waits for the first message, and for a session that is free. */
const EMPTY_AFTER_MS = 3_000;
const PEEK_LOCK = { receiveMode: "peekLock", skipParsingBodyAsJson: true } as const;

export interface MessageMoverProps {
  readonly from: ServiceBusClient;
  readonly to: ServiceBusClient;
  /** `queue1`, `topic1/subscription1`. */
  readonly entity: string;
  /** The namespace that they come from, as the copies name it. */
  readonly namespace: string;
  readonly requiresSession: boolean;
  /** Called after each batch with how many were moved; it may wait. */
  readonly pace: (count: number, tookMs: number) => Promise<void>;
  /** At most so many in one batch. */
  readonly atOnce: number;
}

/**
 * Moves messages of an entity to the entity of the same name in another namespace. A copy has the message's own id and properties. A message is taken away once its copy is accepted: a mover that is
 * ended in between leaves it, and where the target detects duplicates it drops the next run's copy.
 */
export class MessageMover {
  private readonly sender: ServiceBusSender;

  constructor(private readonly props: MessageMoverProps) {
    this.sender = props.to.createSender(props.entity.split("/")[0] ?? props.entity);
  }

  /** Those that are ready to be received. */
  async moveActive(): Promise<void> {
    if (!this.props.requiresSession) {
      const receiver = this.receiver();
      try {
        await this.moveAll(receiver);
      } finally {
        await receiver.close();
      }
      return;
    }
    for (let session = await this.nextSession(); session; session = await this.nextSession()) {
      try {
        await this.moveAll(session);
      } finally {
        await session.close();
      }
    }
  }

  /** Those that a receiver has put aside: their copies are ready to be received. */
  async moveDeferred(): Promise<void> {
    const found: ServiceBusReceivedMessage[] = [];
    for await (const message of peeked(this.props.from, this.props.entity))
      if (message.state === "deferred") found.push(message);
    for (const { sequenceNumber, sessionId } of found) {
      if (!sequenceNumber) continue;
      const receiver = sessionId === undefined ? this.receiver() : await this.session(sessionId);
      try {
        const messages = await receiver.receiveDeferredMessages([sequenceNumber]);
        await this.moveEach(receiver, messages);
      } finally {
        await receiver.close();
      }
    }
  }

  /** Those whose time has not come: their copies are scheduled for the same time. A topic keeps them itself, where no receiver can look at them. */
  async moveScheduled(): Promise<void> {
    const { from, entity } = this.props;
    const found: ServiceBusReceivedMessage[] = [];
    for await (const message of peeked(from, entity)) if (message.state === "scheduled") found.push(message);
    const cancelling = from.createSender(entity.split("/")[0] ?? entity);
    for (const message of found) {
      const { sequenceNumber, scheduledEnqueueTimeUtc: due } = message;
      if (!sequenceNumber || !due)
        throw new Error(`A scheduled message of ${entity} has no time: it can be moved once it is active.`);
      const began = Date.now();
      await this.sender.scheduleMessages(this.copy(message), due);
      await cancelling.cancelScheduledMessages(sequenceNumber);
      await this.props.pace(1, Date.now() - began);
    }
  }

  private async moveAll(receiver: ServiceBusReceiver): Promise<void> {
    for (;;) {
      const messages = await receiver.receiveMessages(this.props.atOnce, { maxWaitTimeInMs: EMPTY_AFTER_MS });
      if (messages.length === 0) return;
      await this.moveEach(receiver, messages);
    }
  }

  /** Those of sessions in their order. @throws what the first failure was, once the others are given back */
  private async moveEach(receiver: ServiceBusReceiver, messages: readonly ServiceBusReceivedMessage[]): Promise<void> {
    const began = Date.now();
    const left: ServiceBusReceivedMessage[] = [];
    let first: Error | undefined;
    const one = async (message: ServiceBusReceivedMessage) => {
      try {
        if (first && this.props.requiresSession) throw first;
        await this.sender.sendMessages(this.copy(message));
        await receiver.completeMessage(message);
      } catch (error) {
        first ??= error instanceof Error ? error : new Error(String(error));
        left.push(message);
      }
    };
    if (this.props.requiresSession) for (const message of messages) await one(message);
    else await Promise.all(messages.map(one));
    if (first) {
      await Promise.allSettled(left.map((message) => receiver.abandonMessage(message)));
      throw first;
    }
    await this.props.pace(messages.length, Date.now() - began);
  }

  private copy(message: ServiceBusReceivedMessage) {
    const { namespace, entity } = this.props;
    const from = `${namespace}/${entity}/${String(message.sequenceNumber ?? "")}`;
    return copyOf(message, { applicationProperties: { [MOVED]: from } });
  }

  private receiver(): ServiceBusReceiver {
    const { from, entity } = this.props;
    const [name = "", subscription] = entity.split("/");
    return subscription === undefined
      ? from.createReceiver(name, PEEK_LOCK)
      : from.createReceiver(name, subscription, PEEK_LOCK);
  }

  private async session(id: string): Promise<ServiceBusSessionReceiver> {
    const { from, entity } = this.props;
    const [name = "", subscription] = entity.split("/");
    return subscription === undefined
      ? await from.acceptSession(name, id, PEEK_LOCK)
      : await from.acceptSession(name, subscription, id, PEEK_LOCK);
  }

  /** Nothing: no session has messages and is free. */
  private async nextSession(): Promise<ServiceBusSessionReceiver | undefined> {
    const { from, entity } = this.props;
    const [name = "", subscription] = entity.split("/");
    try {
      return subscription === undefined
        ? await from.acceptNextSession(name, PEEK_LOCK)
        : await from.acceptNextSession(name, subscription, PEEK_LOCK);
    } catch (error) {
      if (isServiceBusError(error) && (error.code === "ServiceTimeout" || error.code === "SessionCannotBeLocked"))
        return undefined;
      throw error;
    }
  }
}
