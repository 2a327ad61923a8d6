import { producerEntities, PRODUCER_ENTITIES } from "../../functions/producer/entities";
import type { Azure, Namespace } from "../azure/azure";
import type { EntityDefinitions, QueueSettings } from "../azure/messaging";

/** Where a message that is sent to an entity is processed. */
export interface Destination {
  /** As the consumer's log names it: `queue1`, `topic1/subscription1`. */
  readonly source: string;
  /** Whether every message gets there; rules of a subscription may let only some through. */
  readonly certain: boolean;
}

/** Something that can be sent to, and whether each message needs a session. */
export interface Target {
  readonly name: string;
  readonly requiresSession: boolean;
}

/** What the primary's producer lets through and consumers take from. */
export function targetsIn(azure: Azure): Target[] {
  const primary = primaryOf(azure);
  const producer = azure.apps
    .all()
    .find(({ location, settings }) => location === primary?.location && settings[PRODUCER_ENTITIES] !== undefined);
  if (!primary || !producer) return [];
  return [...producerEntities(producer.settings).values()].filter(
    ({ name, paused }) => paused !== true && destinationsOf(azure, primary.id, name).length > 0,
  );
}

/** The namespace that has the entities: a pairing's primary, or the only one with any. */
export function primaryOf(azure: Azure): Namespace | undefined {
  const [pairing] = azure.aliases();
  if (pairing) return azure.namespaces.get(pairing.primaryId);
  const namespaces = azure.namespaces.all();
  const holds = ({ id }: Namespace) => azure.entitiesOf(id).queues.length + azure.entitiesOf(id).topics.length > 0;
  return namespaces.find(holds) ?? namespaces[0];
}

/** Follows forwarding and subscriptions to what consumers take from. */
export function destinationsOf(azure: Azure, namespaceId: string, entity: string): Destination[] {
  return follow(azure.entitiesOf(namespaceId), entity, true);
}

function follow(entities: EntityDefinitions, name: string, certain: boolean): Destination[] {
  const queue = entities.queues.find((candidate) => same(candidate.name, name));
  if (queue) {
    if (queue.forwardTo !== undefined) return follow(entities, queue.forwardTo, certain);
    return handsOut(queue) ? [{ source: queue.name, certain }] : [];
  }
  const topic = entities.topics.find((candidate) => same(candidate.name, name));
  if (!topic || topic.status === "Disabled") return [];
  return topic.subscriptions.flatMap((subscription) => {
    // A topic gives nothing to a subscription that is disabled.
    if (subscription.status === "Disabled") return [];
    const reached = certain && subscription.rules.length === 0;
    if (subscription.forwardTo !== undefined) return follow(entities, subscription.forwardTo, reached);
    return handsOut(subscription) ? [{ source: `${topic.name}/${subscription.name}`, certain: reached }] : [];
  });
}

/** A paused entity keeps what it has. */
function handsOut({ status }: Pick<QueueSettings, "status">): boolean {
  return status === "Active" || status === "SendDisabled";
}

/** Every queue, topic and subscription that is not active, as `name (status)`. */
export function pausedIn(azure: Azure, namespaceId: string): string[] {
  const { queues, topics } = azure.entitiesOf(namespaceId);
  return [
    ...[...queues, ...topics].map(({ name, status }) => ({ name, status })),
    ...topics.flatMap((topic) =>
      topic.subscriptions.map(({ name, status }) => ({ name: `${topic.name}/${name}`, status })),
    ),
  ].flatMap(({ name, status }) => (status === "Active" ? [] : [`${name} (${status})`]));
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
