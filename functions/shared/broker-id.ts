import { createHash } from "node:crypto";

/** Service Bus' limit for message, session and correlation ids, in characters (learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas). */
export const LONGEST_ID = 128;
/** What every copy's id has, and no original's unless it ends in `~0`. */
const SEPARATOR = "~";

/** The id that a message is sent under: the sender's, except where it looks like a copy's. So no copy of another message can have it. */
export function originalId(id: string): string {
  return id.includes(SEPARATOR) ? suffixed(id, "0") : id;
}

/** The id of a copy: the sender's and what makes it another. */
export function suffixed(id: string, suffix: string): string {
  const whole = `${id}${SEPARATOR}${suffix}`;
  if (whole.length <= LONGEST_ID) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, 32);
  return `${id.slice(0, LONGEST_ID - hash.length - 1)}${SEPARATOR}${hash}`;
}
