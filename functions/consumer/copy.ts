import type { InvocationContext } from "@azure/functions";
import type { ServiceBusMessage } from "@azure/service-bus";
import { ownId, suffixed } from "../shared/broker-id";
import { isOwnProperty, PROPERTY, writtenIds } from "../shared/message-properties";
import { DIAGNOSTIC_ID } from "../shared/trace";
import type { Delivery } from "./delivery";

/**
 * A message as it was received, to be sent once more.
 *
 * @param suffix makes the copy's id another than the message's: duplicate detection would drop a copy of the same id without a word, and Service Bus
 *   would still answer as if it were accepted (azure-service-bus#265). The sender's id travels in an application property.
 */
export function copyOf(
  body: Buffer,
  delivery: Delivery,
  { triggerMetadata = {} }: Pick<InvocationContext, "triggerMetadata">,
  suffix: string,
): ServiceBusMessage & { applicationProperties: Record<string, string | number | boolean> } {
  const { messageId, correlationId, sessionId, subject, owner, traceParent } = delivery;
  const text = (key: string) => {
    const value = triggerMetadata[key];
    return typeof value === "string" && value !== "" ? { [key]: value } : {};
  };
  return {
    body,
    messageId: suffixed(ownId(messageId, owner), suffix),
    correlationId,
    // A queue without sessions keeps it, and where the copy is forwarded to may ask for it.
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(subject === undefined ? {} : { subject }),
    ...text("contentType"),
    ...text("to"),
    ...text("replyTo"),
    ...text("replyToSessionId"),
    applicationProperties: {
      ...othersProperties(delivery),
      [PROPERTY.ids]: writtenIds({ messageId, sessionId, correlationId, subject, owner }),
      ...(traceParent === undefined ? {} : { [DIAGNOSTIC_ID]: traceParent }),
    },
  };
}

function othersProperties({ applicationProperties }: Delivery): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(applicationProperties).filter(
      (entry): entry is [string, string | number | boolean] =>
        !isOwnProperty(entry[0]) && ["string", "number", "boolean"].includes(typeof entry[1]),
    ),
  );
}
