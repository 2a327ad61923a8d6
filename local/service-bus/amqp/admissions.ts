import type { Connection, Receiver, Sender, Session } from "rhea";
import { later } from "../entities/message";
import { ServiceBusFault } from "../errors";
import type { Access } from "./access";

/** How long a client has to answer the end of its connection. */
const CLOSE_MS = 1_000;

/** A client's link, of either direction. */
export type Link = Sender | Receiver;

/** What a link was admitted for. */
export interface Admission {
  readonly action: "send" | "receive";
  readonly path: string;
}

export interface AdmissionsProps {
  /** How long a connection may be open without a token, in milliseconds. */
  readonly tokenMs: number;
  /** How long a connection may have no link but those for tokens, in milliseconds. */
  readonly idleMs: number;
  /** Ends a connection without a word. */
  readonly cut: (connection: Connection) => void;
  /** Ends a link with an error. */
  readonly drop: (link: Link, fault: ServiceBusFault) => void;
}

interface Open {
  readonly access: Access;
  readonly links: Map<Link, Admission | undefined>;
  /** What watches the tokens, by their audience. */
  readonly tokens: Map<string, NodeJS.Timeout>;
  readonly unnamed: NodeJS.Timeout;
  idle?: NodeJS.Timeout;
}

/** What open connections were admitted for, and for how long: by their tokens, and by having a link at all. */
export class Admissions {
  private readonly connections = new Map<Connection, Open>();

  constructor(private readonly props: AdmissionsProps) {}

  open(connection: Connection, access: Access): void {
    const unnamed = setTimeout(() => {
      if (!access.hasToken) this.props.cut(connection);
    }, this.props.tokenMs).unref();
    this.connections.set(connection, { access, links: new Map(), tokens: new Map(), unnamed });
    this.watchIdle(connection);
  }

  close(connection: Connection): void {
    const open = this.connections.get(connection);
    if (!open) return;
    this.connections.delete(connection);
    for (const timer of [open.unnamed, open.idle, ...open.tokens.values()]) clearTimeout(timer);
  }

  /** A token was put for an audience. A newer one takes its place. */
  watchToken(connection: Connection, audience: string, until: number): void {
    const open = this.connections.get(connection);
    if (!open) return;
    clearTimeout(open.tokens.get(audience));
    open.tokens.set(
      audience,
      later(until, () => {
        this.dropLinks(open);
      }),
    );
  }

  /** @param admission none: a link that needs no right of its own */
  add(link: Link, admission?: Admission): void {
    this.connections.get(link.connection)?.links.set(link, admission);
    this.watchIdle(link.connection);
  }

  remove(link: Link): void {
    if (this.connections.get(link.connection)?.links.delete(link)) this.watchIdle(link.connection);
  }

  /** A session has ended, and its links with it. */
  removeOf(session: Session): void {
    const links = this.connections.get(session.connection)?.links.keys() ?? [];
    for (const link of [...links]) if (link.session === session) this.remove(link);
  }

  /** A token has ended: links that no other token allows are dropped. */
  private dropLinks({ access, links }: Open): void {
    for (const [link, admission] of [...links]) {
      if (!admission || access.allows(admission.action, admission.path)) continue;
      const { path } = admission;
      this.remove(link);
      this.props.drop(
        link,
        new ServiceBusFault("amqp:unauthorized-access", `ExpiredToken: The token is expired. Resource: '${path}'.`),
      );
    }
  }

  /** A connection without a link is closed in the end. */
  private watchIdle(connection: Connection): void {
    const open = this.connections.get(connection);
    if (!open) return;
    clearTimeout(open.idle);
    if (open.links.size > 0) return;
    const { idleMs } = this.props;
    open.idle = setTimeout(() => {
      connection.close({
        condition: "amqp:connection:forced",
        description: `The connection was inactive for more than the allowed ${idleMs} milliseconds and is closed by the container.`,
      });
      // A client may not answer.
      open.idle = setTimeout(() => {
        this.props.cut(connection);
      }, CLOSE_MS).unref();
    }, idleMs).unref();
  }
}
