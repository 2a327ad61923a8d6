import {
  isServiceBusError,
  type ServiceBusClient,
  type ServiceBusReceivedMessage,
  type ServiceBusReceiver,
  type ServiceBusSender,
} from "@azure/service-bus";
import { copyUnderOwnId } from "./dead-letter-copy";
import { eachMessage } from "./each-message";
import { type AmqpMessage, copyOf, Uncopyable } from "./message-copy";
import { peeked } from "./peeking";
import { nextSession, receiverOf, senderTo, sessionOf } from "./links";

/** Where a moved message came from: the namespace, the entity and its sequence number there. */
export const MOVED = "operatorMoved";

/** How long a receive waits for the first message. */
const EMPTY_AFTER_MS = 3_000;
/** A scheduled message that is due so soon is left to become active. */
const DUE_SOON_MS = 120_000;

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
  /** Called for each message that stays, with the reason. */
  readonly stays: (message: ServiceBusReceivedMessage, why: string) => void;
  /** At most so many in one batch. */
  readonly atOnce: number;
}

/**
 * Moves messages of an entity to the entity of the same name in another namespace. A copy has the message's own id, so that the target drops what its sender has sent there again. Where several
 * messages have one id, each copy has one of its own: at the target they come within the window of duplicate detection, and it would drop all but the first. A message is taken away once its copy
 * is accepted.
 */
export class MessageMover {
  private readonly sender: ServiceBusSender;
  private shared: ReadonlySet<string> = new Set();
  /** Messages that stay, locked until the end, so that they are not received again. */
  private readonly kept: { readonly receiver: ServiceBusReceiver; readonly message: ServiceBusReceivedMessage }[] = [];

  constructor(private readonly props: MessageMoverProps) {
    this.sender = senderTo(props.to, props.entity);
  }

  /** Everything that can be moved: active, deferred and scheduled messages. */
  async move(): Promise<void> {
    this.shared = await this.sharedIds();
    try {
      await this.moveActive();
      await this.moveDeferred();
      await this.moveScheduled();
    } finally {
      await Promise.allSettled(this.kept.map(({ receiver, message }) => receiver.abandonMessage(message)));
      await Promise.allSettled([...new Set(this.kept.map(({ receiver }) => receiver))].map((each) => each.close()));
    }
  }

  /** Ids that several messages have. */
  private async sharedIds(): Promise<ReadonlySet<string>> {
    const [seen, shared] = [new Set<string>(), new Set<string>()];
    for await (const { messageId } of peeked(this.props.from, this.props.entity)) {
      const id = String(messageId ?? "");
      (seen.has(id) ? shared : seen).add(id);
    }
    return shared;
  }

  private async moveActive(): Promise<void> {
    const { from, entity, requiresSession } = this.props;
    if (!requiresSession) {
      await this.using(receiverOf(from, entity), (receiver) => this.moveAll(receiver));
      return;
    }
    for (let session = await nextSession(from, entity); session; session = await nextSession(from, entity))
      await this.using(session, (receiver) => this.moveAll(receiver));
  }

  /** Those that a receiver has put aside: their copies are ready to be received. One that is gone meanwhile was taken by its receiver. */
  private async moveDeferred(): Promise<void> {
    for (const { sequenceNumber, sessionId } of await this.inState("deferred")) {
      if (!sequenceNumber) continue;
      const { from, entity } = this.props;
      const receiver = sessionId === undefined ? receiverOf(from, entity) : await sessionOf(from, entity, sessionId);
      await this.using(receiver, async () => {
        const messages = await receiver.receiveDeferredMessages([sequenceNumber]).catch(goneIsNone);
        await this.moveEach(receiver, messages);
      });
    }
  }

  /** Those whose time has not come: their copies are scheduled for the same time. A topic keeps them itself, where no receiver can look at them. */
  private async moveScheduled(): Promise<void> {
    const cancelling = senderTo(this.props.from, this.props.entity);
    for (const message of await this.inState("scheduled")) {
      const { sequenceNumber, scheduledEnqueueTimeUtc: due } = message;
      if (!sequenceNumber || !due || due.getTime() < Date.now() + DUE_SOON_MS) {
        this.props.stays(message, "it is due soon, and can be moved once it is active");
        continue;
      }
      const began = Date.now();
      const copy = this.copyOrStay(message);
      if (!copy) continue;
      await this.sender.scheduleMessages(copy, due);
      // Far from its time it can be gone only because a first try was answered too late.
      await cancelling.cancelScheduledMessages(sequenceNumber).catch(goneIsNone);
      await this.props.pace(1, Date.now() - began);
    }
  }

  private async inState(state: ServiceBusReceivedMessage["state"]): Promise<ServiceBusReceivedMessage[]> {
    const found: ServiceBusReceivedMessage[] = [];
    for await (const message of peeked(this.props.from, this.props.entity))
      if (message.state === state) found.push(message);
    return found;
  }

  private async moveAll(receiver: ServiceBusReceiver): Promise<void> {
    for (;;) {
      const messages = await receiver.receiveMessages(this.props.atOnce, { maxWaitTimeInMs: EMPTY_AFTER_MS });
      if (messages.length === 0) return;
      await this.moveEach(receiver, messages);
    }
  }

  private async moveEach(receiver: ServiceBusReceiver, messages: readonly ServiceBusReceivedMessage[]): Promise<void> {
    const began = Date.now();
    let moved = 0;
    try {
      await eachMessage(messages, {
        inOrder: this.props.requiresSession,
        work: async (message) => {
          const copy = this.copyOrStay(message);
          if (!copy) {
            this.kept.push({ receiver, message });
            return;
          }
          await this.sender.sendMessages(copy);
          await receiver.completeMessage(message);
          moved += 1;
        },
        giveBack: (left) => Promise.allSettled(left.map((message) => receiver.abandonMessage(message))),
      });
    } finally {
      await this.props.pace(moved, Date.now() - began);
    }
  }

  private copyOrStay(message: ServiceBusReceivedMessage): AmqpMessage | undefined {
    const { namespace, entity, stays } = this.props;
    const applicationProperties = { [MOVED]: `${namespace}/${entity}/${String(message.sequenceNumber ?? "")}` };
    try {
      return this.shared.has(String(message.messageId ?? ""))
        ? copyUnderOwnId(message, "m", applicationProperties)
        : copyOf(message, { applicationProperties });
    } catch (error) {
      if (!(error instanceof Uncopyable)) throw error;
      stays(message, error.message);
      return undefined;
    }
  }

  /** A receiver that holds what stays is closed at the end. */
  private async using<Each extends ServiceBusReceiver>(
    receiver: Each,
    work: (receiver: Each) => Promise<void>,
  ): Promise<void> {
    try {
      await work(receiver);
    } finally {
      if (!this.kept.some((each) => each.receiver === receiver)) await receiver.close();
    }
  }
}

/** What another receiver has taken meanwhile. */
function goneIsNone(error: unknown): never[] {
  if (isServiceBusError(error) && error.code === "MessageNotFound") return [];
  throw error;
}
