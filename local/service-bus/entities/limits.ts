import { ServiceBusFault } from "../errors";
import type { Content } from "./content";

/** What Service Bus takes of a message beside its body (learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas). */
const MOST_OF_A_PROPERTY = 32_768;
const MOST_OF_ALL = 65_536;
const LONGEST_ID = 128;

/**
 * Refuses what is too large beside its body. The words for a single property are those that users have seen (github.com/Azure/azure-sdk-for-net/issues/15325);
 * those for all of them were not checked against a live namespace.
 *
 * @throws ServiceBusFault
 */
export function demandLimits(content: Content): void {
  for (const name of ["messageId", "sessionId"] as const) {
    const { length = 0 } = content.property(name) ?? {};
    if (length <= LONGEST_ID) continue;
    throw new ServiceBusFault(
      "com.microsoft:argument-out-of-range",
      `The ${name} of a message has ${length} characters: it can have ${LONGEST_ID} at most.`,
    );
  }
  if (content.largestProperty > MOST_OF_A_PROPERTY) {
    throw new ServiceBusFault(
      "amqp:internal-error",
      "The service was unable to process the request; please retry the operation.",
    );
  }
  if (content.headerSize > MOST_OF_ALL) {
    throw new ServiceBusFault(
      "amqp:link:message-size-exceeded",
      `The header of the received message has ${content.headerSize} bytes: it can have ${MOST_OF_ALL} at most.`,
    );
  }
}
