import type { AddressInfo, Server, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import {
  type Connection,
  type Container,
  create_container,
  type Receiver as RheaReceiver,
  type Sender,
  types,
} from "rhea";
import type { ServerIdentity } from "../names/certificates";
import { portError } from "../listen";
import type { TokenAuthority } from "../identity/tokens";
import { Access, type MayDo } from "./amqp/access";
import { Admissions } from "./amqp/admissions";
import { manage } from "./amqp/management";
import { ReceivingLink } from "./amqp/receiving-link";
import { ReplyLinks } from "./amqp/requests";
import { type Listening, listening, reportingWrites } from "./amqp/listening";
import { boundReading, boundSession } from "./amqp/rhea-bounds";
import { answerAttach, prepareSession } from "./amqp/rhea-server";
import { faultOf, serveSender } from "./amqp/sending-link";
import type { Content } from "./entities/content";
import type { NamespaceEntities } from "./entities/namespace";
import { ServiceBusFault } from "./errors";

/** rhea's ring of unsettled deliveries for each session: as many as could ever be locked at once. */
const UNSETTLED = 65_536;
/** How long a connection may take to open. */
const OPEN_MS = 30_000;
/** How long a connection may be open without a token (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide#claims-based-security-cbs-authorization). */
const TOKEN_MS = 20_000;
/** How long a connection may have no link to an entity (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-troubleshoot). */
const IDLE_MS = 300_000;
const MANAGEMENT = /\/\$management$/i;
const SESSION_FILTER = "com.microsoft:session-filter";

export interface ListenerProps {
  readonly identity: ServerIdentity;
  readonly authority: TokenAuthority;
  readonly mayDo: MayDo;
  readonly entities: NamespaceEntities;
  /** Whether a client may call the namespace by this name now. */
  readonly answersTo: (host: string) => boolean;
  /** Whether it is a paired secondary. */
  readonly passive: () => boolean;
  /**
   * Lets a fault happen between the enqueueing and the answer.
   *
   * @returns whether to answer
   */
  readonly beforeAnswer: (connection: Connection) => boolean;
  /** Called with an error of the broker's own: rhea would make it look like a broken connection. */
  readonly failed: (error: Error) => void;
  /** How long a connection may be open without a token, in milliseconds. @default Azure's 20 s */
  readonly tokenMs?: number;
  /** How long a connection may have no link to an entity, in milliseconds. @default Azure's 5 minutes */
  readonly idleMs?: number;
}

/** A namespace's AMQP front end: connections, tokens, links. */
export class Listener {
  private readonly container: Container;
  private readonly listen: Listening;
  private readonly connections = new Set<Connection>();
  private readonly access = new WeakMap<Connection, Access>();
  private readonly receiving = new Map<Sender, ReceivingLink>();
  private readonly admissions: Admissions;
  /** How to withdraw those who wait for a session. */
  private readonly waiting = new Map<Sender, () => void>();
  /** Every socket, also of those who have not said who they are. */
  private readonly sockets = new Set<Socket>();
  private readonly replies = new ReplyLinks();
  private server?: Server;

  constructor(private readonly props: ListenerProps) {
    this.container = create_container({ id: props.entities.name });
    (this.container.sasl_server_mechanisms as { enable_anonymous(): void }).enable_anonymous();
    boundReading();
    const { tokenMs = TOKEN_MS, idleMs = IDLE_MS } = props;
    this.admissions = new Admissions({
      tokenMs,
      idleMs,
      cut: cutOff,
      drop: (link, fault) => {
        if (link.is_sender()) this.closed(link as Sender);
        refuse(link, fault);
      },
    });
    const listen = (this.listen = listening(props.failed));
    listen(this.container, "connection_open", ({ connection }) => {
      reportingWrites(connection, props.failed);
      this.opened(connection);
    });
    listen(this.container, "session_open", ({ session }) => {
      if (!session) return;
      prepareSession(session);
      boundSession(session, UNSETTLED);
    });
    listen(this.container, "receiver_open", ({ receiver }) => {
      if (receiver) this.clientSends(receiver);
    });
    listen(this.container, "sender_open", ({ sender }) => {
      if (sender) this.clientReceives(sender);
    });
    listen(this.container, "sender_close", ({ sender }) => {
      if (sender) this.closed(sender);
    });
    listen(this.container, "receiver_close", ({ receiver }) => {
      if (receiver) this.admissions.remove(receiver);
    });
    for (const event of ["connection_close", "disconnected"]) {
      listen(this.container, event, ({ connection }) => {
        this.forget(connection);
      });
    }
    // What a client sent that is no AMQP ends its connection, and is no fault of the broker.
    for (const event of ["protocol_error", "error"]) this.container.on(event, () => undefined);
    for (const event of ["connection_error", "session_error", "receiver_error", "sender_error"]) {
      this.container.on(event, () => undefined);
    }
  }

  /** @returns the port */
  async start(port = 0): Promise<number> {
    const { key, certificate } = this.props.identity;
    const server = this.container.listen({
      transport: "tls",
      host: "127.0.0.1",
      port,
      key,
      cert: certificate,
      minVersion: "TLSv1.2",
      session_buffer_size: UNSETTLED,
      max_frame_size: 65_536,
      tcp_no_delay: true,
      sender_options: { autosettle: false, treat_modified_as_released: false },
      receiver_options: { autoaccept: false, credit_window: 0 },
    } as Parameters<typeof this.container.listen>[0]);
    this.server = server;
    server.on("connection", (socket: Socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    // Who connects and does not say who it is has no business here.
    server.on("secureConnection", (socket: TLSSocket) => {
      socket.setTimeout(OPEN_MS, () => socket.destroy());
    });
    // What is no TLS, or not TLS that trusts us, ends there.
    server.on("tlsClientError", (_error: Error, socket: TLSSocket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        reject(portError(error, port));
      });
      server.once("listening", resolve);
    });
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.cut();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Ends connections without a word, as a network does. @param which by the name the client called, and who it is */
  cut(which: (connection: Connection) => boolean = () => true): number {
    const chosen = [...this.connections].filter(which);
    for (const connection of chosen) {
      cutOff(connection);
      this.forget(connection);
    }
    return chosen.length;
  }

  private opened(connection: Connection): void {
    const { authority, mayDo, answersTo } = this.props;
    this.connections.add(connection);
    const access = new Access(authority, mayDo);
    this.access.set(connection, access);
    this.admissions.open(connection, access);
    const { socket } = connection as unknown as { socket: TLSSocket };
    socket.setTimeout(0);
    socket.once("close", () => {
      this.forget(connection);
    });
    // A name that leads here no more, or never did. Nor does what was still opening when the namespace went down get in.
    if (!answersTo(connection.hostname ?? "") || !this.server) cutOff(connection);
  }

  private forget(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    for (const sender of [...this.receiving.keys(), ...this.waiting.keys()]) {
      if (sender.connection === connection) this.closed(sender);
    }
    this.admissions.close(connection);
  }

  private closed(sender: Sender): void {
    this.receiving.get(sender)?.detach();
    this.receiving.delete(sender);
    this.waiting.get(sender)?.();
    this.replies.remove(sender);
    this.admissions.remove(sender);
  }

  private clientSends(link: RheaReceiver): void {
    const path = addressOf(link.target);
    const { connection } = link;
    link.set_target(link.target);
    link.set_source(link.source);
    if (path === "$cbs" || MANAGEMENT.test(path)) {
      link.add_credit(100);
      this.listen(link, "message", ({ message, delivery }) => {
        link.add_credit(1);
        delivery?.accept();
        this.request(connection, path, message as unknown as Buffer);
      });
      return;
    }
    try {
      // Where there is no address, the target is a transaction's coordinator.
      if (path === "") throw new ServiceBusFault("amqp:not-implemented", "Transactions are not supported.");
      this.admit(connection, "send", path);
      this.admissions.add(link, { action: "send", path });
      const { maxMessageBytes } = this.props.entities.sendable(path);
      (link as unknown as { local: { attach: { max_message_size: number } } }).local.attach.max_message_size =
        maxMessageBytes;
      serveSender(link, this.listen, (contents, answer) => {
        this.take(connection, path, contents, answer);
      });
    } catch (error) {
      refuse(link, faultOf(error));
    }
  }

  private take(connection: Connection, path: string, contents: readonly Content[], answer: () => void): void {
    this.props.entities.send(path, contents);
    if (this.props.beforeAnswer(connection)) answer();
  }

  private clientReceives(link: Sender): void {
    const path = addressOf(link.source);
    if (path === "$cbs" || MANAGEMENT.test(path)) {
      link.set_source(link.source);
      link.set_target(link.target);
      this.replies.add(link);
      answerAttach(link);
      return;
    }
    try {
      this.admit(link.connection, "receive", path);
      this.admissions.add(link, { action: "receive", path });
      const queue = this.props.entities.receivable(path);
      const settings = link as unknown as { local: { attach: Record<string, unknown> } };
      settings.local.attach.snd_settle_mode = link.snd_settle_mode;
      settings.local.attach.rcv_settle_mode = link.rcv_settle_mode;
      const asked = sessionAskedFor(link);
      if (!queue.settings.requiresSession) {
        if (asked !== undefined) {
          throw new ServiceBusFault(
            "amqp:not-allowed",
            `A sessionful message receiver cannot be created on the entity '${path}': it does not require sessions.`,
          );
        }
        link.set_source(link.source);
        link.set_target(link.target);
        const receiver = new ReceivingLink(link, queue, this.listen);
        this.receiving.set(link, receiver);
        answerAttach(link);
        queue.attach(receiver);
        return;
      }
      if (asked === undefined) {
        throw new ServiceBusFault(
          "amqp:not-allowed",
          `It is not possible for an entity that requires sessions to create a non-sessionful message receiver: '${path}'.`,
        );
      }
      this.acceptSession(link, queue, asked);
    } catch (error) {
      answerAttach(link);
      refuse(link, faultOf(error));
    }
  }

  private acceptSession(link: Sender, queue: ReturnType<NamespaceEntities["receivable"]>, asked: string | null): void {
    const request = {
      ...(asked === null ? {} : { sessionId: asked }),
      grant: (sessionId: string, lockedUntil: number) => {
        settle();
        link.set_source({
          address: addressOf(link.source),
          filter: { [SESSION_FILTER]: sessionId },
        });
        link.set_target(link.target);
        // .NET's ticks.
        const ticks = BigInt(lockedUntil) * 10_000n + 621_355_968_000_000_000n;
        (link as unknown as { local: { attach: Record<string, unknown> } }).local.attach.properties = {
          "com.microsoft:locked-until-utc": types.wrap_long(longBytes(ticks)),
        };
        const receiver = new ReceivingLink(link, queue, this.listen, sessionId);
        this.receiving.set(link, receiver);
        answerAttach(link);
        return receiver;
      },
    };
    const wait = Number((link.properties as Record<string, unknown> | undefined)?.["com.microsoft:timeout"] ?? 60_000);
    const settle = () => {
      clearTimeout(timeout);
      this.waiting.delete(link);
    };
    const timeout = setTimeout(() => {
      this.waiting.get(link)?.();
      answerAttach(link);
      refuse(
        link,
        new ServiceBusFault(
          "com.microsoft:timeout",
          "The operation did not complete within the allotted time: no session was available.",
        ),
      );
    }, wait).unref();
    this.waiting.set(link, () => {
      settle();
      queue.sessions.withdraw(request);
    });
    try {
      queue.sessions.request(request);
    } catch (error) {
      settle();
      throw error;
    }
  }

  private request(connection: Connection, address: string, bytes: Buffer): void {
    if (address === "$cbs") {
      this.replies.answer(connection, bytes, "cbs", ({ properties, body }) => {
        const audience = String(properties.name);
        const until = this.accessOf(connection).put(audience, String(properties.type), String(body));
        this.admissions.watchToken(connection, audience, until);
        return { status: 202 };
      });
      return;
    }
    const path = address.replace(MANAGEMENT, "");
    this.replies.answer(connection, bytes, "management", (request) =>
      manage(
        {
          entities: this.props.entities,
          path,
          demand: (action) => {
            this.admit(connection, action, path);
          },
        },
        request,
      ),
    );
  }

  private admit(connection: Connection, action: "send" | "receive", path: string): void {
    this.accessOf(connection).demand(action, path);
    if (!this.props.passive()) return;
    throw new ServiceBusFault(
      "com.microsoft:entity-disabled",
      `The namespace ${this.props.entities.name} is the secondary of a pairing and serves no client until a failover.`,
    );
  }

  private accessOf(connection: Connection): Access {
    const access = this.access.get(connection);
    if (!access) throw new ServiceBusFault("amqp:not-allowed", "The connection is not open.");
    return access;
  }
}

function refuse(
  link: { close(error: { condition: string; description: string }): void },
  { condition, description }: ServiceBusFault,
): void {
  link.close({ condition, description });
}

function addressOf(terminus: unknown): string {
  const { address } = (terminus ?? {}) as { address?: unknown };
  return typeof address === "string" ? address : "";
}

/** The session a receiver asks for: `null` is any; nothing: it asks for none. */
function sessionAskedFor(link: Sender): string | null | undefined {
  const filter = (link.source as { filter?: Record<string, unknown> } | undefined)?.filter;
  if (!filter || !(SESSION_FILTER in filter)) return undefined;
  const value = filter[SESSION_FILTER];
  const plain = typeof value === "object" && value !== null && "value" in value ? value.value : value;
  return typeof plain === "string" ? plain : null;
}

function longBytes(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** Ends a connection as a network does. With an error, or rhea would keep its idle timer, and that the process. */
export function cutOff(connection: Connection): void {
  (connection as unknown as { socket: TLSSocket }).socket.destroy(new Error("The connection was cut."));
}
