import { ServiceBusFault } from "../errors";
import { ReadyQueue, type Receiver } from "./ready-queue";
import { later, type Message } from "./message";

/** Someone who asks for a session. */
export interface SessionRequest {
  /** None: the next one that is free and has messages. */
  readonly sessionId?: string;
  readonly grant: (sessionId: string, lockedUntil: number) => Receiver;
}

interface Session {
  readonly id: string;
  readonly ready: ReadyQueue;
  state?: Buffer;
  /** When its state was set, in milliseconds since the epoch. */
  updatedAt?: number;
  /** Between one holder and the next: its messages are coming back. */
  releasing: boolean;
  lock?: { readonly receiver: Receiver; until: number; timer?: NodeJS.Timeout };
}

/** The sessions of a queue that requires them: each has one receiver at a time, and its messages come in order. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();
  private readonly requests: SessionRequest[] = [];

  constructor(
    private readonly hand: (message: Message, receiver: Receiver) => void,
    private readonly lockDurationMs: () => number,
  ) {}

  add(message: Message): void {
    const session = this.session(message.content.sessionId ?? "");
    session.ready.add(message);
    if (session.lock || session.releasing) return;
    const request = this.requests.shift();
    if (request) this.grant(session, request);
  }

  /**
   * Grants a session, or keeps the request until there is one.
   *
   * @throws ServiceBusFault where the session asked for is another's
   */
  request(request: SessionRequest): void {
    if (request.sessionId !== undefined) {
      const session = this.session(request.sessionId);
      if (session.lock) {
        throw new ServiceBusFault(
          "com.microsoft:session-cannot-be-locked",
          `The requested session '${request.sessionId}' cannot be accepted. It may be locked by another receiver.`,
        );
      }
      this.grant(session, request);
      return;
    }
    const free = [...this.sessions.values()].find(
      ({ lock, ready, releasing }) => !lock && !releasing && ready.length > 0,
    );
    if (free) this.grant(free, request);
    else this.requests.push(request);
  }

  withdraw(request: SessionRequest): void {
    const index = this.requests.indexOf(request);
    if (index >= 0) this.requests.splice(index, 1);
  }

  /** The session's receiver is gone. @returns whether its lock had expired; nothing where it does not hold the session */
  release(sessionId: string, receiver: Receiver): { readonly hasExpired: boolean } | undefined {
    const session = this.sessions.get(sessionId);
    if (session?.lock?.receiver !== receiver) return undefined;
    const hasExpired = Date.now() >= session.lock.until;
    clearTimeout(session.lock.timer);
    session.ready.detach(receiver);
    session.lock = undefined;
    session.releasing = true;
    return { hasExpired };
  }

  /** Offers a freed session to who waits for one: after its messages have come back. */
  offer(sessionId: string): void {
    const session = this.sessions.get(sessionId);
    if (!session) return;
    session.releasing = false;
    if (session.lock) return;
    if (session.ready.length === 0) {
      // Of one that has no messages and no state nothing has to be kept.
      if (session.state === undefined) this.sessions.delete(sessionId);
      return;
    }
    const request = this.requests.shift();
    if (request) this.grant(session, request);
  }

  /** Who holds a session now. */
  holders(): Receiver[] {
    return [...this.sessions.values()].flatMap(({ lock }) => (lock ? [lock.receiver] : []));
  }

  dispatch(sessionId: string): void {
    this.sessions.get(sessionId)?.ready.dispatch();
  }

  lockedUntil(sessionId: string | undefined): number | undefined {
    return this.sessions.get(sessionId ?? "")?.lock?.until;
  }

  /** @throws ServiceBusFault where the session is not held */
  renew(sessionId: string): number {
    const lock = this.held(sessionId);
    lock.until = Date.now() + this.lockDurationMs();
    this.watch(lock, sessionId);
    return lock.until;
  }

  /** @throws ServiceBusFault where no receiver holds the session */
  demand(sessionId: string): void {
    this.held(sessionId);
  }

  stateOf(sessionId: string): Buffer | undefined {
    this.held(sessionId);
    return this.session(sessionId).state;
  }

  setState(sessionId: string, state: Buffer | undefined): void {
    this.held(sessionId);
    const session = this.session(sessionId);
    session.state = state;
    session.updatedAt = Date.now();
  }

  /** The sessions whose state was set after a time, in milliseconds since the epoch. */
  updatedAfter(time: number): string[] {
    return [...this.sessions.values()].filter(({ updatedAt = 0 }) => updatedAt > time).map(({ id }) => id);
  }

  private grant(session: Session, request: SessionRequest): void {
    const until = Date.now() + this.lockDurationMs();
    const receiver = request.grant(session.id, until);
    session.lock = { receiver, until };
    this.watch(session.lock, session.id);
    session.ready.attach(receiver);
    session.ready.dispatch();
  }

  private watch(lock: NonNullable<Session["lock"]>, sessionId: string): void {
    clearTimeout(lock.timer);
    lock.timer = later(lock.until, () => {
      lock.receiver.end(lockLost(sessionId));
    });
  }

  private held(sessionId: string): NonNullable<Session["lock"]> {
    const lock = this.sessions.get(sessionId)?.lock;
    if (!lock) throw lockLost(sessionId);
    return lock;
  }

  private session(id: string): Session {
    let session = this.sessions.get(id);
    if (!session) {
      session = { id, ready: new ReadyQueue(this.hand), releasing: false };
      this.sessions.set(id, session);
    }
    return session;
  }
}

function lockLost(sessionId: string): ServiceBusFault {
  return new ServiceBusFault(
    "com.microsoft:session-lock-lost",
    `The session lock has expired on the MessageSession '${sessionId}'. Accept a new MessageSession.`,
  );
}
