import { producerEntities } from "../../functions/producer/entities";
import { kindOf } from "../azure/app-kind";
import type { Azure } from "../azure/azure";
import { type DeployedStamp, isInStamp } from "../azure/deployed-stamp";
import type { EntityDefinitions, QueueSettings } from "../azure/messaging";

/** Where a message that is sent to an entity is processed. */
export interface Destination {
  /** As the consumer's log names it: `queue1`, `topic1/subscription1`. */
  readonly source: string;
  /** Whether every message gets there; rules of a subscription may let only some through. */
  readonly certain: boolean;
  /** The sources that its dead letters are forwarded to. @default none: they stay in its dead-letter queue */
  readonly deadLettersTo?: readonly string[];
}

/** Whether a message is accounted for at a destination, or where the destination's dead letters are forwarded to. */
export function isAccountedFor({ source, deadLettersTo = [] }: Destination, at: (source: string) => boolean): boolean {
  return [source, ...deadLettersTo].some(at);
}

/** A queue or topic that can be sent to. */
export interface SendableEntity {
  readonly name: string;
  /** Whether each message needs a session. */
  readonly requiresSession: boolean;
  /** The largest message that it takes. */
  readonly maxMessageBytes: number;
}

/** What a stamp's producers let through and consumers take from: all of them know the same entities. */
export function sendableEntities(azure: Azure, stamp: DeployedStamp): SendableEntity[] {
  const { primary } = stamp;
  const producer = azure.apps.all().find((app) => isInStamp(stamp, app) && kindOf(app) === "producer");
  if (!producer) return [];
  return [...producerEntities(producer.settings).values()].filter(
    ({ name, paused }) => paused !== true && destinationsOf(azure, primary.id, name).length > 0,
  );
}

/** Whether a queue or topic drops a message id that it has seen before. */
export function dropsDuplicates(azure: Azure, namespaceId: string, entity: string): boolean {
  const { queues, topics } = azure.entitiesOf(namespaceId);
  return [...queues, ...topics].some(
    ({ name, duplicateWindowMs }) => same(name, entity) && duplicateWindowMs !== undefined,
  );
}

/** Follows forwarding and subscriptions to what consumers take from. */
export function destinationsOf(azure: Azure, namespaceId: string, entity: string): Destination[] {
  return follow(azure.entitiesOf(namespaceId), entity, true);
}

function follow(entities: EntityDefinitions, name: string, certain: boolean): Destination[] {
  const queue = entities.queues.find((candidate) => same(candidate.name, name));
  if (queue) return through(entities, queue, queue.name, certain);
  const topic = entities.topics.find((candidate) => same(candidate.name, name));
  if (!topic || topic.status === "Disabled") return [];
  return topic.subscriptions.flatMap((subscription) => {
    // A topic gives nothing to a subscription that is disabled.
    if (subscription.status === "Disabled") return [];
    const reached = certain && subscription.rules.length === 0 && subscription.lacksDefault !== true;
    return through(entities, subscription, `${topic.name}/${subscription.name}`, reached);
  });
}

function through(entities: EntityDefinitions, from: QueueSettings, source: string, certain: boolean): Destination[] {
  const { forwardTo, forwardDeadLetteredTo } = from;
  if (forwardTo !== undefined) return follow(entities, forwardTo, certain);
  if (!handsOut(from)) return [];
  const deadLettersTo = forwardDeadLetteredTo === undefined ? [] : sourcesAfter(entities, forwardDeadLetteredTo);
  return [{ source, certain, ...(deadLettersTo.length > 0 ? { deadLettersTo } : {}) }];
}

/** Where dead letters are processed, and where those end that are dead-lettered again. */
function sourcesAfter(entities: EntityDefinitions, name: string): string[] {
  return follow(entities, name, false).flatMap(({ source, deadLettersTo = [] }) => [source, ...deadLettersTo]);
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
