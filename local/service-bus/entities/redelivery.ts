/** Why a message is delivered once more. */
export type RedeliveryCause =
  "abandoned" | "released" | "lock expired" | "lock lost" | "session closed" | "session lock expired";

/** What counts no delivery: a session that is closed (learn.microsoft.com/azure/service-bus-messaging/message-sessions#impact-of-delivery-count), and AMQP's `released`. */
export const UNCOUNTED: readonly RedeliveryCause[] = ["released", "session closed"];
