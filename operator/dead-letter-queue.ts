import type {
  ServiceBusClient,
  ServiceBusReceivedMessage,
  ServiceBusReceiver,
  ServiceBusSender,
} from "@azure/service-bus";
import { redrivenCopy } from "./dead-letter-copy";
import { peeked } from "./peeking";
import { checkRights, type Kept, receiverOf, senderTo, serviceBusClient } from "./links";
import type { Session } from "./session";

/** How long a receive waits for the first message. */
const EMPTY_AFTER_MS = 3_000;

/** Where an entity keeps dead letters. */
export type DeadLettersIn = Exclude<Kept, "own">;

/** What a dead letter's line shows: no body. */
export interface DeadLetter {
  readonly sequenceNumber: string;
  readonly messageId: string;
  readonly reason: string;
  readonly description: string;
  readonly enqueued?: Date;
  readonly message: ServiceBusReceivedMessage;
}

/** The dead-letter queue of one queue or subscription, by Azure's own library. */
export class DeadLetterQueue {
  private readonly client: ServiceBusClient;
  private readonly receiver: ServiceBusReceiver;
  private readonly sender: ServiceBusSender;

  /**
   * @param host `lockdown-pc-eastus2.servicebus.windows.net`
   * @param entity `queue1`, `topic1/subscription1`
   * @param kept the one for messages that could not be forwarded is another
   */
  constructor(
    session: Session,
    private readonly host: string,
    private readonly entity: string,
    private readonly kept: DeadLettersIn = "dead-letter queue",
  ) {
    this.client = serviceBusClient(session, host);
    this.receiver = receiverOf(this.client, entity, kept);
    this.sender = senderTo(this.client, entity);
  }

  /** Every dead letter, oldest first; they stay where they are. */
  async *peeked(): AsyncGenerator<DeadLetter> {
    for await (const message of peeked(this.client, this.entity, this.kept)) yield deadLetterOf(message);
  }

  /** Some of them, locked; none: there are no more. */
  async receive(most: number): Promise<readonly DeadLetter[]> {
    return (await this.receiver.receiveMessages(most, { maxWaitTimeInMs: EMPTY_AFTER_MS })).map(deadLetterOf);
  }

  /** Sends a copy to where the message came from, and takes the dead letter away once the copy is accepted. */
  async redrive({ message }: DeadLetter): Promise<void> {
    const [namespace = ""] = this.host.split(".");
    await this.sender.sendMessages(redrivenCopy(message, `${namespace}/${this.entity}`));
    await this.receiver.completeMessage(message);
  }

  /** @throws where a right to receive dead letters, or to send copies, is missing */
  async checkRights(): Promise<void> {
    await checkRights(this.receiver, this.sender);
  }

  async complete({ message }: DeadLetter): Promise<void> {
    await this.receiver.completeMessage(message);
  }

  /** Gives back what was received and not taken away. */
  async giveBack(letters: readonly DeadLetter[]): Promise<void> {
    await Promise.allSettled(letters.map(({ message }) => this.receiver.abandonMessage(message)));
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

function deadLetterOf(message: ServiceBusReceivedMessage): DeadLetter {
  return {
    sequenceNumber: String(message.sequenceNumber ?? ""),
    messageId: String(message.messageId ?? ""),
    reason: message.deadLetterReason ?? "no reason",
    description: message.deadLetterErrorDescription ?? "",
    ...(message.enqueuedTimeUtc ? { enqueued: message.enqueuedTimeUtc } : {}),
    message,
  };
}
