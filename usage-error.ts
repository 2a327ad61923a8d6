/** A mistake of the user's. The message says what to change, and needs no stack trace. */
export class UsageError extends Error {
  override name = "UsageError";
}
