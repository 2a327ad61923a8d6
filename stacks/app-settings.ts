import { CONSUMER_SOURCES, REFUSED_QUEUE } from "../functions/consumer/sources";
import { PRODUCER_ENTITIES } from "../functions/producer/entities";
import { consumerSourcesOf, producerEntitiesOf } from "../topology/app-lists";
import type { Stamp } from "../topology/schema";

export function producerSettings(stamp: Stamp): Record<string, string> {
  return { [PRODUCER_ENTITIES]: JSON.stringify(producerEntitiesOf(stamp)) };
}

export function consumerSettings(stamp: Stamp): Record<string, string> {
  return {
    [CONSUMER_SOURCES]: JSON.stringify(consumerSourcesOf(stamp)),
    ...(stamp.refusedMessages === undefined ? {} : { [REFUSED_QUEUE]: stamp.refusedMessages }),
  };
}
