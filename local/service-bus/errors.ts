/**
 * An error as Service Bus answers it: an AMQP condition, which SDKs map to a code, and a description
 * (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-troubleshoot).
 */
export class ServiceBusFault extends Error {
  override name = "ServiceBusFault";

  constructor(
    readonly condition: Condition,
    readonly description: string,
  ) {
    super(`${condition}: ${description}`);
  }
}

export type Condition =
  | "amqp:decode-error"
  | "amqp:internal-error"
  | "amqp:link:message-size-exceeded"
  | "amqp:not-allowed"
  | "amqp:not-found"
  | "amqp:not-implemented"
  | "amqp:resource-limit-exceeded"
  | "amqp:unauthorized-access"
  | "amqp:transaction:rollback"
  | "amqp:transaction:unknown-id"
  | "com.microsoft:argument-error"
  | "com.microsoft:argument-out-of-range"
  | "com.microsoft:entity-disabled"
  | "com.microsoft:message-lock-lost"
  | "com.microsoft:message-not-found"
  | "com.microsoft:entity-already-exists"
  | "com.microsoft:server-busy"
  | "com.microsoft:session-cannot-be-locked"
  | "com.microsoft:session-lock-lost"
  | "com.microsoft:timeout";

/** The HTTP-like status that `$management` answers beside the condition. */
export const STATUS: Readonly<Record<Condition, number>> = {
  "amqp:decode-error": 400,
  "amqp:internal-error": 500,
  "amqp:link:message-size-exceeded": 403,
  "amqp:not-allowed": 400,
  "amqp:not-found": 404,
  "amqp:not-implemented": 501,
  "amqp:resource-limit-exceeded": 403,
  "amqp:unauthorized-access": 401,
  "amqp:transaction:rollback": 409,
  "amqp:transaction:unknown-id": 404,
  "com.microsoft:argument-error": 400,
  "com.microsoft:argument-out-of-range": 400,
  "com.microsoft:entity-already-exists": 409,
  "com.microsoft:entity-disabled": 403,
  "com.microsoft:message-lock-lost": 410,
  "com.microsoft:message-not-found": 404,
  "com.microsoft:server-busy": 503,
  "com.microsoft:session-cannot-be-locked": 409,
  "com.microsoft:session-lock-lost": 410,
  "com.microsoft:timeout": 408,
};
