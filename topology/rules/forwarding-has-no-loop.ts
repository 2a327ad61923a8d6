import { placed, stampsOf } from "../draft";
import type { Queue, Subscription, Topic } from "../messaging-schema";
import type { Rule } from "./rule";

/** A loop would send messages round for ever, and no order could create it. */
export const forwardingHasNoLoop: Rule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const queues = placed<Queue>(stamp.it.queues, `${stamp.at}.queues`);
    const topics = placed<Topic>(stamp.it.topics, `${stamp.at}.topics`);
    const targets = new Map<string, string[]>();
    const edges = [
      ...queues.map(({ at, it }) => ({ at, from: it.name, it })),
      ...topics.flatMap((topic) =>
        placed<Subscription>(topic.it.subscriptions, `${topic.at}.subscriptions`).map(({ at, it }) => ({
          at,
          from: topic.it.name,
          it,
        })),
      ),
    ].flatMap(({ at, from, it }) =>
      (["forwardTo", "forwardDeadLetteredMessagesTo"] as const).flatMap((key) => {
        const to = it[key];
        if (from === undefined || to === undefined || to === from) return [];
        targets.set(from, [...(targets.get(from) ?? []), to]);
        return [{ path: `${at}.${key}`, from, to }];
      }),
    );
    return edges
      .filter(({ from, to }) => reaches(targets, to, from))
      .map(({ path, to, from }) => ({
        path,
        got: `"${to}"`,
        expected: `an entity that does not forward back to ${from}`,
        fix: "break the loop",
      }));
  });

function reaches(
  targets: ReadonlyMap<string, string[]>,
  from: string,
  wanted: string,
  seen = new Set<string>(),
): boolean {
  if (from === wanted) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return (targets.get(from) ?? []).some((next) => reaches(targets, next, wanted, seen));
}
