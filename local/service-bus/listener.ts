import type { AddressInfo, Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { type Connection, type Container, create_container, type Sender } from "rhea";
import type { ServerIdentity } from "../names/certificates";
import { portError } from "../listen";
import type { TokenAuthority } from "../identity/tokens";
import { Access, type MayDo } from "./amqp/access";
import { Admissions } from "./amqp/admissions";
import { type LinkedNamespace, Links, refuse } from "./amqp/links";
import { listening, reportingWrites } from "./amqp/listening";
import { prepareTransactions } from "./amqp/coordinator";
import { boundReading, boundSession } from "./amqp/rhea-bounds";
import { correctReading, prepareSession } from "./amqp/rhea-server";
import { ServiceBusFault } from "./errors";

/** rhea's ring of unsettled deliveries for each session: as many as could ever be locked at once. */
const UNSETTLED = 65_536;
const CONNECTION = {
  session_buffer_size: UNSETTLED,
  max_frame_size: 65_536,
  tcp_no_delay: true,
  sender_options: { autosettle: false, treat_modified_as_released: false },
  receiver_options: { autoaccept: false, credit_window: 0 },
};
/** How long a connection may take to open. */
const OPEN_MS = 30_000;
/** How long a connection may be open without a token (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide#claims-based-security-cbs-authorization). */
const TOKEN_MS = 20_000;
/** How long a connection may have no link but those for tokens (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-troubleshoot). */
const IDLE_MS = 300_000;

export interface ListenerProps extends LinkedNamespace {
  readonly identity: ServerIdentity;
  readonly authority: TokenAuthority;
  readonly mayDo: MayDo;
  /** Whether a client may call the namespace by this name now. */
  readonly answersTo: (host: string) => boolean;
  /** Called with an error of the broker's own: rhea would make it look like a broken connection. */
  readonly failed: (error: Error) => void;
  /** How long a connection may be open without a token, in milliseconds. @default Azure's 20 s */
  readonly tokenMs?: number;
  /** How long a connection may have no link but those for tokens, in milliseconds. @default Azure's 5 minutes */
  readonly idleMs?: number;
}

/** A namespace's AMQP front end: connections, tokens, links. */
export class Listener {
  private readonly container: Container;
  private readonly connections = new Set<Connection>();
  private readonly access = new WeakMap<Connection, Access>();
  private readonly admissions: Admissions;
  private readonly links: Links;
  /** Every socket, also of those who have not said who they are. */
  private readonly sockets = new Set<Socket>();
  /** What ends a connection that does not say who it is. */
  private readonly opening = new WeakMap<Duplex, NodeJS.Timeout>();
  private server?: Server;

  constructor(private readonly props: ListenerProps) {
    this.container = create_container({ id: props.entities.name });
    const mechanisms = this.container.sasl_server_mechanisms as { enable_anonymous(): void } & Record<string, unknown>;
    mechanisms.enable_anonymous();
    // Some clients look for Azure's own name of the same: who they are is said by $cbs.
    mechanisms.MSSBCBS = mechanisms.ANONYMOUS;
    correctReading();
    boundReading();
    const { tokenMs = TOKEN_MS, idleMs = IDLE_MS } = props;
    this.admissions = new Admissions({
      tokenMs,
      idleMs,
      cut: cutOff,
      drop: (link, fault) => {
        if (link.is_sender()) this.links.closed(link as Sender);
        refuse(link, fault);
      },
    });
    const listen = listening(props.failed);
    this.links = new Links({
      entities: props.entities,
      rules: props.rules,
      admissions: this.admissions,
      listen,
      accessOf: (connection) => this.accessOf(connection),
      passive: props.passive,
      beforeAnswer: props.beforeAnswer,
    });
    listen(this.container, "connection_open", ({ connection }) => {
      reportingWrites(connection, props.failed);
      this.opened(connection);
    });
    listen(this.container, "session_open", ({ session }) => {
      if (!session) return;
      prepareSession(session);
      prepareTransactions(session);
      boundSession(session, UNSETTLED);
    });
    listen(this.container, "receiver_open", ({ receiver }) => {
      if (receiver) this.links.clientSends(receiver);
    });
    listen(this.container, "sender_open", ({ sender }) => {
      if (sender) this.links.clientReceives(sender);
    });
    listen(this.container, "sender_close", ({ sender }) => {
      if (sender) this.links.closed(sender);
    });
    listen(this.container, "receiver_close", ({ receiver }) => {
      if (receiver) this.admissions.remove(receiver);
    });
    // Links may end with their session, without a word of their own.
    listen(this.container, "session_close", ({ session }) => {
      if (session) this.links.endOf(session);
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
      ...CONNECTION,
      transport: "tls",
      host: "127.0.0.1",
      port,
      key,
      cert: certificate,
      minVersion: "TLSv1.2",
    });
    this.server = server;
    server.on("connection", (socket: Socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    // Who connects and does not say who it is has no business here.
    server.on("secureConnection", (socket: TLSSocket) => {
      this.openWithin(socket);
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

  /** A connection that came by another way than the listener: by WebSocket. */
  accept(stream: Duplex): void {
    this.openWithin(stream);
    const connection = this.container.create_connection(
      CONNECTION as unknown as Parameters<typeof this.container.create_connection>[0],
    );
    (connection as unknown as { accept(socket: Duplex): void }).accept(stream);
  }

  /** Ends a connection that does not say in time who it is. */
  private openWithin(stream: Duplex): void {
    this.opening.set(stream, setTimeout(() => stream.destroy(), OPEN_MS).unref());
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
    const { authority, mayDo, answersTo, entities } = this.props;
    this.connections.add(connection);
    const access = new Access(authority, mayDo, (path) => entities.has(path));
    this.access.set(connection, access);
    this.admissions.open(connection, access);
    const { socket } = connection as unknown as { socket: TLSSocket | Duplex };
    clearTimeout(this.opening.get(socket));
    socket.once("close", () => {
      this.forget(connection);
    });
    // A name that leads here no more, or never did. Nor does what was still opening when the namespace went down get in.
    if (!answersTo(connection.hostname ?? "") || !this.server) cutOff(connection);
  }

  private forget(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    this.links.forget(connection);
    this.admissions.close(connection);
  }

  private accessOf(connection: Connection): Access {
    const access = this.access.get(connection);
    if (!access) throw new ServiceBusFault("amqp:not-allowed", "The connection is not open.");
    return access;
  }
}

/** Ends a connection as a network does. With an error, or rhea would keep its idle timer, and that the process. */
export function cutOff(connection: Connection): void {
  (connection as unknown as { socket: Duplex }).socket.destroy(new Error("The connection was cut."));
}
