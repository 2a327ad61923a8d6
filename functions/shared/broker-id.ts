import { createHash } from "node:crypto";

/** Service Bus' limit for message, session and correlation ids, in characters (learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas). */
export const LONGEST_ID = 128;
/** What every copy's id has, and no original's unless it ends in `~0`. */
const SEPARATOR = "~";
const DIGITS = 32;

/** Whose an id is: a digest of the caller whom App Service authenticated, 32 hexadecimal digits. */
export function ownerOf(caller: string): string {
  return digest(caller);
}

/**
 * The id by which Service Bus detects a sender's duplicates: `<id>@<owner>`, so that no other caller's message with the same id takes its place.
 *
 * @param owner see `ownerOf`. @default ids have no owner
 */
export function ownId(id: string, owner?: string): string {
  if (owner === undefined) return id;
  const whole = `${id}@${owner}`;
  return whole.length <= LONGEST_ID ? whole : `${id.slice(0, LONGEST_ID - 2 * DIGITS - 2)}@${digest(id)}@${owner}`;
}

/** The id that a message is sent under: the sender's own, except where it looks like a copy's. So no copy of another message can have it. */
export function originalId(id: string, owner?: string): string {
  const own = ownId(id, owner);
  return own.includes(SEPARATOR) ? suffixed(own, "0") : own;
}

/** The id of a copy: the sender's and what makes it another. */
export function suffixed(id: string, suffix: string): string {
  const whole = `${id}${SEPARATOR}${suffix}`;
  if (whole.length <= LONGEST_ID) return whole;
  const hash = digest(whole);
  return `${id.slice(0, LONGEST_ID - hash.length - 1)}${SEPARATOR}${hash}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, DIGITS);
}
