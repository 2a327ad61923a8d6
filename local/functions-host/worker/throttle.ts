/** How many requests run at once and how many may be there, as `host.json` says; -1: any number. */
export interface ThrottleProps {
  readonly maxConcurrentRequests: number;
  readonly maxOutstandingRequests: number;
}

/** The host's limits on requests: what is over the first waits its turn, what is over the second is not taken. */
export class Throttle {
  private readonly most: number;
  private readonly outstandingMost: number;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor({ maxConcurrentRequests, maxOutstandingRequests }: ThrottleProps) {
    this.most = limit(maxConcurrentRequests);
    this.outstandingMost = limit(maxOutstandingRequests);
  }

  /** @returns nothing where there are too many already */
  async run(work: () => Promise<void>): Promise<"done" | undefined> {
    if (this.running + this.waiting.length >= this.outstandingMost) return undefined;
    if (this.running < this.most) this.running += 1;
    // A request that ends frees its place.
    else await new Promise<void>((go) => this.waiting.push(go));
    try {
      await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
    return "done";
  }
}

function limit(value: number): number {
  return value < 0 ? Infinity : value;
}
