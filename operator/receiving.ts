import {
  isServiceBusError,
  type ServiceBusClient,
  type ServiceBusReceiver,
  type ServiceBusSessionReceiver,
} from "@azure/service-bus";
import { RAW } from "./message-copy";

/** A session's lock is renewed while its messages are copied, at any rate. */
const SESSION = { ...RAW, maxAutoLockRenewalDurationInMs: 24 * 3_600_000 };

/** A receiver of messages that are to be copied. @param entity `queue1`, `topic1/subscription1` */
export function receiverOf(client: ServiceBusClient, entity: string): ServiceBusReceiver {
  const [name = "", subscription] = entity.split("/");
  return subscription === undefined ? client.createReceiver(name, RAW) : client.createReceiver(name, subscription, RAW);
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
