/** Does a piece of work again whenever something has changed: never twice at once, and once for what changes meanwhile. */
export class Reconciler {
  /** What went wrong the last time; nothing where it went well. */
  failure?: Error;
  private wanted = false;
  private stopped = false;
  private running?: Promise<void>;

  constructor(private readonly work: () => Promise<void>) {}

  changed(): void {
    if (this.stopped) return;
    this.wanted = true;
    this.running ??= this.run();
  }

  /** When everything that has changed is followed. @throws what went wrong the last time */
  async settled(): Promise<void> {
    while (this.running) await this.running;
    if (this.failure) throw this.failure;
  }

  /** Starts nothing new, and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wanted = false;
    while (this.running) await this.running;
  }

  private async run(): Promise<void> {
    while (this.wanted) {
      this.wanted = false;
      try {
        await this.work();
        this.failure = undefined;
      } catch (error) {
        this.failure = error instanceof Error ? error : new Error(String(error));
      }
    }
    this.running = undefined;
  }
}
