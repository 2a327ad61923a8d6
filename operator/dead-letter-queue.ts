import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from "@azure/service-bus";
import { redrivenCopy } from "./dead-letter-copy";
import type { Session } from "./session";

const RETRIES = { maxRetries: 2, retryDelayInMs: 500, timeoutInMs: 15_000 };
const PEEKED_AT_ONCE = 250;
/** How long a receive waits for the first message. */
const EMPTY_AFTER_MS = 3_000;

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

  /**
   * @param host `lockdown-pc-eastus2.servicebus.windows.net`
   * @param entity `queue1`, `topic1/subscription1`
   */
  constructor(
    { credential }: Session,
    private readonly host: string,
    private readonly entity: string,
  ) {
    this.client = new ServiceBusClient(host, credential, { retryOptions: RETRIES });
    const [name = "", subscription] = entity.split("/");
    const options = { subQueueType: "deadLetter", receiveMode: "peekLock", skipParsingBodyAsJson: true } as const;
    this.receiver =
      subscription === undefined
        ? this.client.createReceiver(name, options)
        : this.client.createReceiver(name, subscription, options);
  }

  /** Every dead letter, oldest first; they stay where they are. */
  async *peeked(): AsyncGenerator<DeadLetter> {
    for (let from: ServiceBusReceivedMessage["sequenceNumber"]; ;) {
      const messages = await this.receiver.peekMessages(
        PEEKED_AT_ONCE,
        from === undefined ? {} : { fromSequenceNumber: from.add(1) },
      );
      for (const message of messages) yield deadLetterOf(message);
      from = messages.at(-1)?.sequenceNumber;
      if (from === undefined) return;
    }
  }

  /** Some of them, locked; none: there are no more. */
  async receive(most: number): Promise<readonly DeadLetter[]> {
    return (await this.receiver.receiveMessages(most, { maxWaitTimeInMs: EMPTY_AFTER_MS })).map(deadLetterOf);
  }

  /** Sends a copy to where the message came from, and takes the dead letter away once the copy is accepted. */
  async redrive({ message }: DeadLetter): Promise<void> {
    const [target = ""] = this.entity.split("/");
    const [namespace = ""] = this.host.split(".");
    const sender = this.senderOf(target);
    await sender.sendMessages(redrivenCopy(message, `${namespace}/${this.entity}`));
    await this.receiver.completeMessage(message);
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

  private sender?: ReturnType<ServiceBusClient["createSender"]>;

  private senderOf(target: string): ReturnType<ServiceBusClient["createSender"]> {
    this.sender ??= this.client.createSender(target);
    return this.sender;
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
