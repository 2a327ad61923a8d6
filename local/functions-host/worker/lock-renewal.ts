import type { ServiceBusReceivedMessage, ServiceBusReceiver } from "@azure/service-bus";

/** When to renew: with half of the lock still to go. */
const PART = 0.5;
const SHORTEST_MS = 100;

/** Renews a message's lock while its function runs, up to `maxAutoLockRenewalDuration`, as the extension's processor does. */
export class LockRenewal {
  private timer?: NodeJS.Timeout;
  private readonly until: number;

  constructor(
    private readonly receiver: Pick<ServiceBusReceiver, "renewMessageLock">,
    private readonly message: ServiceBusReceivedMessage,
    /** In milliseconds. */
    longest: number,
    private readonly report: (message: string) => void,
  ) {
    this.until = Date.now() + longest;
    this.schedule(message.lockedUntilUtc);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private schedule(lockedUntil: Date | undefined): void {
    const wait = ((lockedUntil?.getTime() ?? 0) - Date.now()) * PART;
    if (Date.now() + wait > this.until) return;
    this.timer = setTimeout(
      () => {
        this.receiver.renewMessageLock(this.message).then(
          (renewed) => {
            if (this.timer) this.schedule(renewed);
          },
          // The function goes on; its settlement will fail.
          (error: unknown) => {
            this.report(`renew ${String(this.message.messageId)}: ${String(error)}`);
          },
        );
      },
      Math.max(SHORTEST_MS, wait),
    );
  }
}
