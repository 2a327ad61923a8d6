/** How one attempt to post a message ended. */
export interface Attempt {
  /** When the request began and when it ended, in milliseconds since the epoch. */
  readonly began: number;
  readonly at: number;
  /** `unconfirmed`: a 503, or no answer at all. Whether Service Bus has the message is not known. */
  readonly outcome: "accepted" | "unconfirmed" | "refused";
  /** The HTTP status; none: no answer. */
  readonly status?: number;
}

/** A message as its sender knows it. */
export interface PostedMessage {
  readonly id: string;
  readonly entity: string;
  readonly attempts: readonly Attempt[];
}

/** The first of the two independent records: what was sent, and what the producer answered. */
export class PostedMessages {
  private readonly byId = new Map<string, { id: string; entity: string; attempts: Attempt[] }>();
  private readonly acceptedCounts = new Map<string, number>();

  begin(id: string, entity: string): void {
    this.byId.set(id, { id, entity, attempts: [] });
  }

  note(id: string, attempt: Attempt): void {
    const message = this.byId.get(id);
    if (!message) return;
    if (attempt.outcome === "accepted" && acceptedAt(message) === undefined) {
      this.acceptedCounts.set(message.entity, (this.acceptedCounts.get(message.entity) ?? 0) + 1);
    }
    message.attempts.push(attempt);
  }

  get accepted(): number {
    return [...this.acceptedCounts.values()].reduce((sum, count) => sum + count, 0);
  }

  acceptedByEntity(): [entity: string, count: number][] {
    return [...this.acceptedCounts];
  }

  all(): PostedMessage[] {
    return [...this.byId.values()];
  }
}

/** When the producer said that Service Bus has it. */
export function acceptedAt({ attempts }: PostedMessage): number | undefined {
  return attempts.find(({ outcome }) => outcome === "accepted")?.at;
}

/** Whether its client sent it again without knowing how the first time ended. */
export function sentAgain({ attempts }: PostedMessage): boolean {
  return attempts.length > 1 && attempts[0]?.outcome === "unconfirmed";
}

/** Whether a request of it was under way at a time: then the SDK in the producer may have sent it again by itself. */
export function underWayAt({ attempts }: PostedMessage, time: number): boolean {
  return attempts.some(({ began, at }) => began <= time && time <= at);
}
