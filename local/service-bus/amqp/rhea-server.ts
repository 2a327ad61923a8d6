import type { Delivery, Sender, Session } from "rhea";

/**
 * What the broker needs of rhea beyond its typings. rhea is a client's library first; these are the places where a broker has to be configured
 * more, or earlier.
 */

interface Frame {
  readonly performative: { message_format?: number };
}

interface SessionInternals {
  create_sender: (name: string, options?: object) => Sender;
  readonly outgoing: { available(): number };
  readonly incoming: { on_transfer: (frame: Frame, receiver: unknown) => void };
}

interface SenderInternals {
  credit: number;
  delivery_count: number;
  issue_flow: boolean;
  open: () => void;
  attach: () => void;
  _draining: boolean;
  _get_drain: () => boolean;
  readonly connection: { _register(): void };
}

/** AMQP's format code for a batch, by Azure. */
export const BATCH_FORMAT = 0x80013700;

/** Makes rhea hand over messages as bytes, and leave links to receivers unanswered until the broker has looked at them. */
export function prepareSession(session: Session): void {
  const internals = session as unknown as SessionInternals;
  const { incoming } = internals;
  const onTransfer = incoming.on_transfer.bind(incoming);
  incoming.on_transfer = (frame, receiver) => {
    // rhea decodes format 0, and what is decoded cannot be encoded again without loss.
    if (frame.performative.message_format === 0) frame.performative.message_format = undefined;
    onTransfer(frame, receiver);
  };
  const createSender = internals.create_sender.bind(session);
  internals.create_sender = (name, options) => {
    const sender = createSender(name, options);
    (sender as unknown as SenderInternals).open = () => undefined;
    return sender;
  };
}

/** Answers a link to a receiver. */
export function answerAttach(sender: Sender): void {
  (sender as unknown as SenderInternals).attach();
}

/** How many deliveries a link to a receiver can take, those counted that rhea has not written yet. */
export class Credit {
  private readonly sender: SenderInternals;
  private handed = 0;
  private drained = 0;
  private draining = false;

  constructor(private readonly link: Sender) {
    this.sender = link as unknown as SenderInternals;
    this.sender._get_drain = () => this.drain();
  }

  available(): number {
    const written = this.sender.delivery_count - this.drained;
    const session = this.link.session as unknown as SessionInternals;
    return Math.min(this.sender.credit - (this.handed - written), session.outgoing.available());
  }

  send(bytes: Buffer, tag: Buffer): Delivery {
    this.handed += 1;
    return this.link.send(bytes, tag, 0);
  }

  /** Whether the receiver wants what is left of its credit back. */
  askedBack(): boolean {
    return this.sender._draining;
  }

  /** Gives back what credit is left, so that the receiver knows that nothing more will come; rhea does not at zero credit. */
  giveBack(): void {
    this.draining = true;
    this.sender.issue_flow = true;
    this.sender.connection._register();
  }

  private drain(): boolean {
    if (!this.draining) return false;
    this.draining = false;
    this.drained += this.sender.credit;
    this.sender.delivery_count += this.sender.credit;
    this.sender.credit = 0;
    return true;
  }
}
