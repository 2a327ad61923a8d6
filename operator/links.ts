import {
  isServiceBusError,
  ServiceBusClient,
  type ServiceBusReceiver,
  type ServiceBusSender,
  type ServiceBusSessionReceiver,
} from "@azure/service-bus";
import { RAW } from "./message-copy";
import type { Session } from "./session";

/** A person waits: what does not answer is found out in seconds. */
const RETRIES = { maxRetries: 2, retryDelayInMs: 500, timeoutInMs: 15_000 };
/** A session's lock is renewed while its messages are copied, at any rate. */
const SESSION = { ...RAW, maxAutoLockRenewalDurationInMs: 24 * 3_600_000 };

/** Where a queue or a subscription keeps messages that can be looked at. */
export const KEPT_IN = {
  own: undefined,
  "dead-letter queue": "deadLetter",
  "transfer dead-letter queue": "transferDeadLetter",
} as const;

export type Kept = keyof typeof KEPT_IN;

/** @param host `lockdown-pc-eastus2.servicebus.windows.net` */
export function serviceBusClient({ credential }: Pick<Session, "credential">, host: string): ServiceBusClient {
  return new ServiceBusClient(host, credential, { retryOptions: RETRIES });
}

/** A receiver of messages that are to be copied. @param entity `queue1`, `topic1/subscription1` */
export function receiverOf(client: ServiceBusClient, entity: string, kept: Kept = "own"): ServiceBusReceiver {
  const [name = "", subscription] = entity.split("/");
  const subQueueType = KEPT_IN[kept];
  const options = { ...RAW, ...(subQueueType === undefined ? {} : { subQueueType }) };
  return subscription === undefined
    ? client.createReceiver(name, options)
    : client.createReceiver(name, subscription, options);
}

/** A sender to the queue or the topic, so that an entity gets a message. */
export function senderTo(client: ServiceBusClient, entity: string): ServiceBusSender {
  return client.createSender(entity.split("/")[0] ?? entity);
}

/** Finds out whether messages may be received and copies be sent, before any is. @throws where one of the two rights is missing */
export async function checkRights(receiver: ServiceBusReceiver, sender: ServiceBusSender): Promise<void> {
  await receiver.peekMessages(1);
  await sender.createMessageBatch();
}

/** The same for one session. */
export async function sessionOf(
  client: ServiceBusClient,
  entity: string,
  id: string,
): Promise<ServiceBusSessionReceiver> {
  const [name = "", subscription] = entity.split("/");
  return subscription === undefined
    ? await client.acceptSession(name, id, SESSION)
    : await client.acceptSession(name, subscription, id, SESSION);
}

/** The same for the next session; nothing: no session has messages and is free. */
export async function nextSession(
  client: ServiceBusClient,
  entity: string,
): Promise<ServiceBusSessionReceiver | undefined> {
  const [name = "", subscription] = entity.split("/");
  try {
    return subscription === undefined
      ? await client.acceptNextSession(name, SESSION)
      : await client.acceptNextSession(name, subscription, SESSION);
  } catch (error) {
    if (isServiceBusError(error) && (error.code === "ServiceTimeout" || error.code === "SessionCannotBeLocked"))
      return undefined;
    throw error;
  }
}
