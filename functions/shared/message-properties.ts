import { LONGEST_ID } from "./broker-id";
import { isObject } from "./settings";

/** Application properties that the producer and the consumer use themselves. */
export const PROPERTY = {
  /** What `writtenIds` makes of a message's ids. */
  ids: "producerIds",
  /** How often process() asked for the message later. */
  deferrals: "consumerDeferrals",
  /** Why process() refused the message for good. */
  refusalReason: "consumerRefusalReason",
  /** Where it came from that refused it. */
  refusalSource: "consumerRefusalSource",
} as const;

const OWN: ReadonlySet<string> = new Set(
  [...Object.values(PROPERTY), "traceparent", "Diagnostic-Id"].map((name) => name.toLowerCase()),
);

/** Whether a property's name is the producer's or the consumer's own; names ignore case. */
export function isOwnProperty(name: string): boolean {
  return OWN.has(name.toLowerCase());
}

/** The texts of a message's own that must arrive as they were sent. */
export interface Ids {
  readonly messageId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly subject?: string | undefined;
  /** Whose the message id is, see `ownerOf`: a copy of the message is its owner's too. */
  readonly owner?: string | undefined;
}

/**
 * Ids for an application property, as well as in the message's own: the Functions library makes JSON of what the trigger says of a message, so that the id `42`
 * becomes a number and `1e5` another text; a text among application properties stays what it is (azure-functions-nodejs-library#90). One property holds all of
 * them, because each costs as much as the rest of a small message.
 */
export function writtenIds({ messageId, sessionId, correlationId, subject, owner }: Ids): string {
  return JSON.stringify({ messageId, sessionId, correlationId, subject, owner });
}

/** What such a property holds; nothing of what is no text. */
export function idsIn(property: unknown): Ids {
  if (typeof property !== "string") return {};
  let value: unknown;
  try {
    value = JSON.parse(property);
  } catch {
    return {};
  }
  if (!isObject(value)) return {};
  const text = (key: keyof Ids) => {
    const id = value[key];
    return typeof id === "string" && id !== "" && id.length <= LONGEST_ID ? id : undefined;
  };
  return {
    messageId: text("messageId"),
    sessionId: text("sessionId"),
    correlationId: text("correlationId"),
    subject: text("subject"),
    owner: text("owner"),
  };
}
