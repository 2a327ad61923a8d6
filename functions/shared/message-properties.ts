/**
 * Application properties that the producer and the consumer use themselves. Ids stand here as well as in the message's own properties: the Functions
 * library makes JSON of what the trigger says of a message, so that the id `42` becomes a number and `1e5` another text; application properties stay
 * what they are (azure-functions-nodejs-library#90).
 */
export const PROPERTY = {
  messageId: "producerMessageId",
  sessionId: "producerSessionId",
  correlationId: "producerCorrelationId",
  subject: "producerSubject",
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
