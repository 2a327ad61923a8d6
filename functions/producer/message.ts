import type { ServiceBusMessage } from "@azure/service-bus";

/** A message, its body as the bytes that are sent. */
export type Message = Omit<ServiceBusMessage, "body"> & {
  readonly messageId: string;
  readonly body: Buffer;
  /** The sender's own id: what answers and logs name. */
  readonly senderId: string;
};
