interface Waiting {
  readonly isAccepted: boolean;
  readonly write: () => void;
}

/**
 * Keeps the outcomes of an AMQP session apart. Of neighbouring deliveries that are settled in one turn of the event loop, rhea 3.0.5 writes one frame with the first one's
 * outcome, also where the second one's is another (`write_dispositions` in its lib/session.js). Only accepted ones are safe together: any other outcome gets a turn of its own.
 */
export class OutcomeTurns {
  /** What was written in this turn. */
  private written?: "accepted" | "other";
  private waiting: Waiting[] = [];

  /** @param write settles the delivery; called now or in a later turn, in the order of the calls */
  settle(isAccepted: boolean, write: () => void): void {
    this.waiting.push({ isAccepted, write });
    if (this.waiting.length === 1) this.writeWhatFits();
  }

  private writeWhatFits(): void {
    while (this.waiting[0] && this.fits(this.waiting[0])) {
      if (this.written === undefined) this.armNextTurn();
      const [next] = this.waiting.splice(0, 1) as [Waiting];
      this.written = next.isAccepted ? "accepted" : "other";
      next.write();
    }
  }

  private fits({ isAccepted }: Waiting): boolean {
    return this.written === undefined || (this.written === "accepted" && isAccepted);
  }

  private armNextTurn(): void {
    setImmediate(() => {
      this.written = undefined;
      this.writeWhatFits();
    });
  }
}

const turns = new WeakMap<object, OutcomeTurns>();

/** @param session an AMQP session, or an object that has one of its own */
export function turnsOf(session: object): OutcomeTurns {
  const known = turns.get(session) ?? new OutcomeTurns();
  turns.set(session, known);
  return known;
}
