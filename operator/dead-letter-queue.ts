import {
  ServiceBusClient,
  type ServiceBusReceivedMessage,
  type ServiceBusReceiver,
  type ServiceBusSender,
} from "@azure/service-bus";
import { redrivenCopy } from "./dead-letter-copy";
import { RAW } from "./message-copy";
import { KEPT_IN, peeked } from "./peeking";
import type { Session } from "./session";

const RETRIES = { maxRetries: 2, retryDelayInMs: 500, timeoutInMs: 15_000 };
/** How long a receive waits for the first message. */
const EMPTY_AFTER_MS = 3_000;

/** Where an entity keeps dead letters. */
export type DeadLettersIn = Exclude<keyof typeof KEPT_IN, "own">;

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
    { credential }: Session,
    private readonly host: string,
    private readonly entity: string,
    private readonly kept: DeadLettersIn = "dead-letter queue",
  ) {
    this.client = new ServiceBusClient(host, credential, { retryOptions: RETRIES });
    const [name = "", subscription] = entity.split("/");
    const options = { ...RAW, subQueueType: KEPT_IN[kept] } as const;
    this.receiver =
      subscription === undefined
        ? this.client.createReceiver(name, options)
        : this.client.createReceiver(name, subscription, options);
    this.sender = this.client.createSender(name);
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

  /** Finds out whether dead letters may be received, and copies be sent, before any is. @throws where one of the two rights is missing */
  async checkRights(): Promise<void> {
    await this.receiver.peekMessages(1);
    await this.sender.createMessageBatch();
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
