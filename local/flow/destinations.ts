import type { Azure } from "../azure/azure";
import type { EntityDefinitions } from "../azure/messaging";

/** Where a message that is sent to an entity is processed. */
export interface Destination {
  /** As the consumer's log names it: `queue1`, `topic1/subscription1`. */
  readonly source: string;
  /** Whether every message gets there; rules of a subscription may let only some through. */
  readonly certain: boolean;
}

/** Follows forwarding and subscriptions to what consumers take from. */
export function destinationsOf(azure: Azure, namespaceId: string, entity: string): Destination[] {
  return follow(azure.entitiesOf(namespaceId), entity, true);
}

function follow(entities: EntityDefinitions, name: string, certain: boolean): Destination[] {
  const queue = entities.queues.find((candidate) => same(candidate.name, name));
  if (queue) {
    return queue.forwardTo === undefined
      ? [{ source: queue.name, certain }]
      : follow(entities, queue.forwardTo, certain);
  }
  const topic = entities.topics.find((candidate) => same(candidate.name, name));
  return (topic?.subscriptions ?? []).flatMap((subscription) => {
    const reached = certain && subscription.rules.length === 0;
    return subscription.forwardTo === undefined
      ? [{ source: `${topic?.name ?? ""}/${subscription.name}`, certain: reached }]
      : follow(entities, subscription.forwardTo, reached);
  });
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
