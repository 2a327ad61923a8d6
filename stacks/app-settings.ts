import { CONSUMER_SOURCES, REFUSED_QUEUE, writtenSources } from "../functions/consumer/sources";
import { PRODUCER_ENTITIES, writtenEntities } from "../functions/producer/entities";
import { consumerSourcesOf, producerEntitiesOf } from "../topology/app-lists";
import type { Stamp } from "../topology/schema";

export function producerSettings(stamp: Stamp): Record<string, string> {
  return { [PRODUCER_ENTITIES]: writtenEntities(producerEntitiesOf(stamp)) };
}

export function consumerSettings(stamp: Stamp): Record<string, string> {
  return {
    [CONSUMER_SOURCES]: writtenSources(consumerSourcesOf(stamp)),
    ...(stamp.refusedMessages === undefined ? {} : { [REFUSED_QUEUE]: stamp.refusedMessages }),
  };
}
