import { ManagedIdentityCredential } from "@azure/identity";
import { ServiceBusClient, type ServiceBusSender } from "@azure/service-bus";
import { CONNECTION, required, type Settings } from "../shared/settings";

/** What of the SDK's sender is used: the edge that tests fake. */
export type Sender = Pick<ServiceBusSender, "createMessageBatch" | "sendMessages">;

/** Senders to one namespace or alias. */
export interface Bus {
  /** The name that is connected to. */
  readonly host: string;
  sender(entity: string): Sender;
  /** Drops every connection: after a failover the alias names another namespace, and only a new connection asks again. */
  reset(): Promise<void>;
}

/**
 * A caller waits for the answer, so the SDK must give up long before it would by itself (three tries of a minute each). The caller tries
 * again on a 503, with the same ids.
 */
const RETRY = { maxRetries: 2, retryDelayInMs: 250, timeoutInMs: 8_000 };

/** Service Bus by the app's own identity; connections open at the first message and stay. */
export function busOf(settings: Settings): Bus {
  const host = required(settings, `${CONNECTION}__fullyQualifiedNamespace`);
  const credential = new ManagedIdentityCredential({ clientId: required(settings, `${CONNECTION}__clientId`) });
  let client: ServiceBusClient | undefined;
  const senders = new Map<string, Sender>();
  return {
    host,
    sender(entity) {
      client ??= new ServiceBusClient(host, credential, { retryOptions: RETRY });
      const sender = senders.get(entity) ?? client.createSender(entity);
      senders.set(entity, sender);
      return sender;
    },
    async reset() {
      const old = client;
      client = undefined;
      senders.clear();
      await old?.close();
    },
  };
}
