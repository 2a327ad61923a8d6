/**
 * process() throws it where a message is sound and cannot be handled now: something it needs is down. The message comes again after a delay that grows with
 * every time; it counts as no failure.
 */
export class Later extends Error {
  override name = "Later";

  constructor(
    reason: string,
    /** When to try again, in milliseconds from now. @default 5 s, doubled every time, up to 5 min */
    readonly delayMs?: number,
  ) {
    super(reason);
  }
}

/**
 * process() throws it where no delivery will make a message right. It goes to the topology's queue of refused messages with the reason; where there is none,
 * Service Bus delivers it again until the entity's maximum, and dead-letters it then.
 */
export class Never extends Error {
  override name = "Never";
}
