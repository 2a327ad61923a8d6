import { CONSUMER_SOURCES, REFUSED_QUEUE, writtenSources } from "../functions/consumer/sources";
import { PRODUCER_ENTITIES, writtenEntities } from "../functions/producer/entities";
import { PRODUCER_LIMITS, writtenLimits } from "../functions/producer/limits";
import { producerEntitiesOf, sourcesOf } from "../topology/app-lists";
import { hostBodyBytes, requestLimitsOf } from "../topology/request-limits";
import type { Stamp } from "../topology/schema";

export function producerSettings(stamp: Stamp): Record<string, string> {
  const limits = requestLimitsOf(stamp);
  return {
    ...stamp.appSettings.producer,
    [PRODUCER_ENTITIES]: writtenEntities(producerEntitiesOf(stamp)),
    [PRODUCER_LIMITS]: writtenLimits(limits),
    // The host's own, so that a body is not taken into memory to be refused.
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: String(hostBodyBytes(limits)),
  };
}

/** @param consumer the further one's name. @default the first consumer */
export function consumerSettings(stamp: Stamp, consumer?: string): Record<string, string> {
  const further = stamp.consumers.find(({ name }) => name === consumer);
  return {
    ...(further?.appSettings ?? stamp.appSettings.consumer),
    [CONSUMER_SOURCES]: writtenSources(sourcesOf(stamp, consumer)),
    ...(stamp.refusedMessages === undefined ? {} : { [REFUSED_QUEUE]: stamp.refusedMessages }),
  };
}
