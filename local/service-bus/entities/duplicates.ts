/** The ids of a window of time, so that a second message with the same id can be dropped. Not replicated to a paired namespace. */
export class DuplicateHistory {
  /** Ids and when each leaves the window, oldest first. */
  private readonly seen = new Map<string, number>();

  constructor(private readonly windowMs: number) {}

  /** Whether the id is new in the window; from now on it is not. */
  admit(id: string): boolean {
    const now = Date.now();
    for (const [old, until] of this.seen) {
      if (until > now) break;
      this.seen.delete(old);
    }
    if (this.seen.has(id)) return false;
    this.seen.set(id, now + this.windowMs);
    return true;
  }
}
