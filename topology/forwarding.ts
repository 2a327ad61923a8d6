import { type Draft, placed, type Placed } from "./draft";
import type { Queue, Subscription, Topic } from "./messaging-schema";
import type { Stamp } from "./schema";

/** One forward of a queue or a subscription: of its messages, or of its dead letters. */
export interface Forward {
  readonly path: string;
  /** The queue, or the subscription's topic: what a message is sent to that comes this way. Lower-case: names ignore case. */
  readonly from: string;
  readonly source: Draft<Queue> | Draft<Subscription>;
  readonly key: "forwardTo" | "forwardDeadLetteredMessagesTo";
  /** As it is written. */
  readonly target: string;
  /** Lower-case. */
  readonly to: string;
}

/** Every forward of a stamp's entities. */
export function forwardsOf({ at, it }: Placed<Stamp>): Forward[] {
  const queues = placed<Queue>(it.queues, `${at}.queues`).map((queue) => ({ ...queue, from: queue.it.name }));
  const subscriptions = placed<Topic>(it.topics, `${at}.topics`).flatMap((topic) =>
    placed<Subscription>(topic.it.subscriptions, `${topic.at}.subscriptions`).map((subscription) => ({
      ...subscription,
      from: topic.it.name,
    })),
  );
  return [...queues, ...subscriptions].flatMap(({ at: place, it: source, from }) =>
    (["forwardTo", "forwardDeadLetteredMessagesTo"] as const).flatMap((key) => {
      const target = source[key];
      if (from === undefined || target === undefined) return [];
      return [{ path: `${place}.${key}`, from: from.toLowerCase(), source, key, target, to: target.toLowerCase() }];
    }),
  );
}

/** Whether messages that are sent to one entity can come to another. */
export function reaches(forwards: readonly Forward[], from: string, wanted: string, seen = new Set<string>()): boolean {
  if (from === wanted) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return forwards.some((forward) => forward.from === from && reaches(forwards, forward.to, wanted, seen));
}

/**
 * Whether a message has to have a session id to come to rest wherever forwarding takes it: without one, an entity with sessions refuses it, and it
 * ends in the transfer dead-letter queue, which has no reader.
 */
export function requiresSession(stamp: Stamp, entity: string, seen = new Set<string>()): boolean {
  const name = entity.toLowerCase();
  if (seen.has(name)) return false;
  seen.add(name);
  const queues = stamp.queues.filter((queue) => queue.name.toLowerCase() === name);
  const topics = stamp.topics.filter((topic) => topic.name.toLowerCase() === name);
  return [...queues, ...topics.flatMap(({ subscriptions }) => subscriptions)].some(
    (place) =>
      place.requiresSession ||
      [place.forwardTo, place.forwardDeadLetteredMessagesTo].some(
        (target) => target !== undefined && requiresSession(stamp, target, seen),
      ),
  );
}
