import type { ServiceBusMessageBatch } from "@azure/service-bus";
import type { Sender } from "../shared/bus";
import { deadlineFor } from "./deadline";
import { isOver } from "./encoded-size";
import type { ProducerEntity } from "./entities";
import type { Message } from "./message";
import { Refusal } from "./refusal";

/** Premium takes messages of up to 100 MB but batches of 1 MB (learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas). */
const BATCH_BYTES = 1_048_576;

/** Whether one of them goes alone because no batch takes it. */
export function isLarge({ body }: Message): boolean {
  return body.length > BATCH_BYTES;
}

/** What the deadline is counted by. */
export function bytesOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { body }) => sum + body.length, 0);
}

/**
 * Before Service Bus is asked: a message over its limit is an error of the link that all requests share, and other callers would get it too.
 *
 * @throws Refusal where a message with its headers is over what the entity takes
 */
export function refuseTooLarge(messages: readonly Message[], { name, maxMessageBytes }: ProducerEntity): void {
  const over = messages.filter((message) => isOver(message, maxMessageBytes)).map(({ senderId }) => `"${senderId}"`);
  if (over.length === 0) return;
  throw new Refusal(
    413,
    "MessageTooLarge",
    `With its headers, ${over.join(", ")} is over the ${maxMessageBytes} bytes that ${name} takes for one message. Nothing was sent.`,
  );
}

/** One send operation: Service Bus takes all of it or nothing. */
interface Shipment {
  /** Their senders' ids. */
  readonly ids: string[];
  readonly content: ServiceBusMessageBatch | Message;
}

/** How far a submission got. */
export interface Sent {
  readonly sent: readonly string[];
  /** Not confirmed: perhaps accepted and the answer lost, perhaps not. Sending them again with the same ids is safe. */
  readonly unconfirmed: readonly string[];
  /** What stopped it. */
  readonly error?: Error;
}

/**
 * Sends messages in as few operations as the limits allow, in order.
 *
 * @param deadlineMs after that it waits no longer. The SDK counts its timeout and its tries for each step by itself, opening a link, asking
 *   for a batch, sending it; and a send whose connection goes away waits for its timeout.
 * @param messages none is over the entity's limit, see `refuseTooLarge`: the link's error about a size may be about another request's message
 */
export async function send(
  sender: Sender,
  entity: ProducerEntity,
  messages: readonly Message[],
  deadlineMs = deadlineFor(bytesOf(messages)),
): Promise<Sent> {
  // Not AbortSignal.timeout: its timer would outlive most requests by the whole deadline.
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort();
  }, deadlineMs);
  try {
    return await sendUntil(deadline.signal, sender, entity, messages);
  } finally {
    clearTimeout(timer);
  }
}

async function sendUntil(
  abortSignal: AbortSignal,
  sender: Sender,
  entity: ProducerEntity,
  messages: readonly Message[],
): Promise<Sent> {
  let shipments: Shipment[];
  try {
    shipments = await shipmentsOf(sender, entity, messages, abortSignal);
  } catch (error) {
    return { sent: [], unconfirmed: messages.map(({ senderId }) => senderId), error: asError(error) };
  }
  const sent: string[] = [];
  for (const [index, { content, ids }] of shipments.entries()) {
    try {
      await sender.sendMessages(content, { abortSignal });
      sent.push(...ids);
    } catch (error) {
      return { sent, unconfirmed: shipments.slice(index).flatMap((rest) => rest.ids), error: asError(error) };
    }
  }
  return { sent, unconfirmed: [] };
}

async function shipmentsOf(
  sender: Sender,
  entity: ProducerEntity,
  messages: readonly Message[],
  abortSignal: AbortSignal,
): Promise<Shipment[]> {
  const [only, second] = messages;
  if (only && !second) return [{ ids: [only.senderId], content: only }];
  const large = entity.maxMessageBytes > BATCH_BYTES;
  const newBatch = () => sender.createMessageBatch({ abortSignal, ...(large ? { maxSizeInBytes: BATCH_BYTES } : {}) });
  const shipments: Shipment[] = [];
  let batch = { ids: [] as string[], content: await newBatch() };
  const close = () => {
    if (batch.ids.length > 0) shipments.push(batch);
  };
  for (const message of messages) {
    if (!batch.content.tryAddMessage(message)) {
      if (batch.ids.length > 0) {
        close();
        batch = { ids: [], content: await newBatch() };
      }
      if (batch.ids.length === 0 && !batch.content.tryAddMessage(message)) {
        shipments.push({ ids: [message.senderId], content: message });
        continue;
      }
    }
    batch.ids.push(message.senderId);
  }
  close();
  return shipments;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
