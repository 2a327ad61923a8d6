import { once } from "node:events";
import {
  type Connection,
  type Container,
  create_container,
  type Delivery,
  type EventContext,
  type Receiver,
  type Sender,
} from "rhea";
import { type BrokerUnderTest, idOf } from "./local";

/** A connection by plain AMQP, for what the SDK for JavaScript never does. @param username none: without SASL */
export function plainConnection(
  { broker }: Pick<BrokerUnderTest, "broker">,
  { username }: { readonly username?: string } = { username: "anonymous" },
): { readonly container: Container; readonly connection: Connection } {
  const container = create_container();
  const connection = container.connect({
    host: "localhost",
    hostname: "primary.servicebus.windows.net",
    port: broker.port("primary"),
    transport: "tls",
    rejectUnauthorized: false,
    reconnect: false,
    ...(username === undefined ? {} : { username }),
  });
  return { container, connection };
}

/** Lets a principal do everything in the primary namespace. */
export function ownBy({ azure }: Pick<BrokerUnderTest, "azure">, principalId: string): void {
  azure.roleAssignments.put({ principalId, role: "Azure Service Bus Data Owner", scope: idOf("primary") });
}

/** A client by plain AMQP, with what every client does first. */
export class PlainClient {
  private isCut = false;

  private constructor(
    private readonly under: BrokerUnderTest,
    readonly connection: Connection,
    private readonly container: Container,
  ) {
    container.on("disconnected", () => {
      this.isCut = true;
    });
  }

  static async open(under: BrokerUnderTest): Promise<PlainClient> {
    const { connection, container } = plainConnection(under);
    await once(container, "connection_open");
    return new PlainClient(under, connection, container);
  }

  /** A client that may do everything in the namespace and has put its token. */
  static async ofOwner(under: BrokerUnderTest): Promise<PlainClient> {
    ownBy(under, "both");
    const client = await PlainClient.open(under);
    await client.putToken("both");
    return client;
  }

  /** When the broker has cut it off. */
  async cutOff(): Promise<void> {
    if (!this.isCut) await once(this.container, "disconnected");
  }

  async close(): Promise<void> {
    if (this.isCut || this.connection.is_closed()) return;
    const closed = Promise.race([once(this.container, "connection_close"), once(this.container, "disconnected")]);
    this.connection.close();
    await closed;
  }

  /** Puts a token without a reply-to, as the client for Python does. @returns what is answered */
  async putToken(who: string, audience = "sb://primary.servicebus.windows.net/"): Promise<Record<string, unknown>> {
    const answers = this.connection.open_receiver({ source: "$cbs", target: "cbs", snd_settle_mode: 1 });
    const requests = await this.opened(this.connection.open_sender({ target: "$cbs", source: "cbs" }));
    const { token } = this.under.authority.issue({ principalId: who, clientId: who }, "https://servicebus.azure.net");
    const answered = once(answers, "message") as Promise<[EventContext]>;
    requests.send({
      message_id: "1",
      application_properties: { operation: "put-token", type: "jwt", name: audience },
      body: token,
    });
    const [{ message, delivery }] = await answered;
    answers.close();
    requests.close();
    return { ...message?.application_properties, settled: delivery?.remote_settled };
  }

  /** Asks a management node. @returns the status of the answer, or nothing where it is cut off instead */
  async ask(node: string, operation: unknown, body: unknown, messageId: unknown = "1"): Promise<number | undefined> {
    const answers = this.connection.open_receiver({ source: node, target: "answers" });
    const requests = await this.opened(this.connection.open_sender({ target: node, source: "requests" }));
    const answered = once(answers, "message") as Promise<[EventContext]>;
    const cut = once(this.container, "disconnected").then(() => undefined);
    requests.send({
      message_id: messageId as string,
      reply_to: "answers",
      application_properties: { operation },
      body,
    });
    const came = await Promise.race([answered, cut]);
    if (!came) return undefined;
    answers.close();
    requests.close();
    return Number(came[0].message?.application_properties?.statusCode);
  }

  async opened<L extends Sender | Receiver>(link: L): Promise<L> {
    await once(link, link.is_sender() ? "sender_open" : "receiver_open");
    return link;
  }

  async sender(target = "queue1"): Promise<Sender> {
    return await this.opened(this.connection.open_sender({ target, autosettle: false }));
  }

  /** A peek-lock receiver, with credit for what it is asked for. */
  async receiver(source: string | object = "queue1"): Promise<Receiver> {
    return await this.opened(
      this.connection.open_receiver({
        source: source as string,
        autoaccept: false,
        credit_window: 0,
        rcv_settle_mode: 1,
        snd_settle_mode: 0,
      }),
    );
  }
}

export async function sent(sender: Sender, ...messages: object[]): Promise<void> {
  for (const each of messages) {
    const accepted = once(sender, "accepted");
    sender.send(each as Parameters<Sender["send"]>[0]);
    await accepted;
  }
}

export async function nextFrom(receiver: Receiver): Promise<EventContext & { delivery: Delivery }> {
  const came = once(receiver, "message") as Promise<[EventContext & { delivery: Delivery }]>;
  receiver.add_credit(1);
  return (await came)[0];
}

/** Settles a delivery with a state of any kind. @returns the state that it is answered with */
export async function settledWith(receiver: Receiver, delivery: Delivery, state: object): Promise<unknown> {
  const settled = once(receiver, "settled") as Promise<[EventContext]>;
  (delivery as unknown as { update(settled: boolean, state: object): void }).update(false, state);
  return (await settled)[0].delivery?.remote_state;
}
