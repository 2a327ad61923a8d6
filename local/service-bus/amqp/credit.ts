import type { Delivery, Sender } from "rhea";

interface SenderInternals {
  credit: number;
  delivery_count: number;
  issue_flow: boolean;
  _draining: boolean;
  _get_drain: () => boolean;
  readonly connection: { _register(): void };
}

interface SessionInternals {
  readonly outgoing: { available(): number };
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
