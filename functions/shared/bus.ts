import { ManagedIdentityCredential } from "@azure/identity";
import { ServiceBusClient, type ServiceBusSender } from "@azure/service-bus";
import { CONNECTION, required, type Settings } from "./settings";

/** What of the SDK's sender is used: the edge that tests fake. */
export type Sender = Pick<ServiceBusSender, "createMessageBatch" | "sendMessages">;

/** Senders to one namespace or alias. */
export interface Bus {
  /** The name that is connected to. */
  readonly host: string;
  /**
   * Does work with a sender. Where it comes out with an error, nothing else begins on that connection: after a failover the alias names another
   * namespace, and only a new connection asks again.
   */
  through<Outcome extends { readonly error?: Error }>(
    entity: string,
    work: (sender: Sender) => Promise<Outcome>,
    size?: Size,
  ): Promise<Outcome>;
}

/**
 * `large`: over a connection of its own, whose operations may take as long as the bytes need. The SDK has one timeout for all operations of a connection,
 * and what is right for a batch cuts off 90 MB.
 */
export type Size = "usual" | "large";

/** What of the SDK's client is used. */
interface Client {
  createSender(entity: string): Sender;
  close(): Promise<void>;
}

/** A client, and who still works with it. */
interface Connection {
  readonly client: Client;
  readonly senders: Map<string, Sender>;
  users: number;
  broken: boolean;
}

/**
 * A caller waits for the answer, so the SDK must give up long before it would by itself (three tries of a minute each). The caller tries
 * again on a 503, with the same ids.
 */
export const SEND_TIMEOUT_MS = 8_000;
const RETRY = {
  usual: { maxRetries: 2, retryDelayInMs: 250, timeoutInMs: SEND_TIMEOUT_MS },
  // The caller's deadline ends it.
  large: { maxRetries: 0, retryDelayInMs: 250, timeoutInMs: 230_000 },
};

/** Service Bus by the app's own identity; connections open at the first message and stay. */
export function busOf(
  settings: Settings,
  connect: (host: string, clientId: string, size: Size) => Client = connectByIdentity,
): Bus {
  const host = required(settings, `${CONNECTION}__fullyQualifiedNamespace`);
  const clientId = required(settings, `${CONNECTION}__clientId`);
  const current: Partial<Record<Size, Connection>> = {};

  const leave = (connection: Connection) => {
    connection.users -= 1;
    // Closed during another request's send, that send would hang until its timeout.
    if (!connection.broken || connection.users > 0) return;
    // What fails to close is broken anyway.
    void connection.client.close().catch(() => undefined);
  };

  return {
    host,
    async through(entity, work, size = "usual") {
      const connection = (current[size] ??= {
        client: connect(host, clientId, size),
        senders: new Map<string, Sender>(),
        users: 0,
        broken: false,
      });
      connection.users += 1;
      try {
        const sender = connection.senders.get(entity) ?? connection.client.createSender(entity);
        connection.senders.set(entity, sender);
        const outcome = await work(sender);
        if (outcome.error && !isAboutTheMessage(outcome.error)) {
          connection.broken = true;
          if (current[size] === connection) current[size] = undefined;
        }
        return outcome;
      } finally {
        leave(connection);
      }
    },
  };
}

/** What a message is refused for by itself, by Service Bus or by the SDK: nothing that a new connection would change. */
function isAboutTheMessage(error: Error): boolean {
  const code = "code" in error ? error.code : undefined;
  return (
    code === "MessageSizeExceeded" ||
    ((error instanceof TypeError || error instanceof RangeError) && code === undefined)
  );
}

function connectByIdentity(host: string, clientId: string, size: Size): Client {
  return new ServiceBusClient(host, new ManagedIdentityCredential({ clientId }), { retryOptions: RETRY[size] });
}
