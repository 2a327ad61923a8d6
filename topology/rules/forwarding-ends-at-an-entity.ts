import { placed, stampsOf } from "../draft";
import type { Queue, Subscription, Topic } from "../messaging-schema";
import type { Rule } from "./rule";

export const forwardingEndsAtAnEntity: Rule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const queues = placed<Queue>(stamp.it.queues, `${stamp.at}.queues`);
    const topics = placed<Topic>(stamp.it.topics, `${stamp.at}.topics`);
    const names = new Set([...queues, ...topics].map(({ it }) => it.name));
    const subscriptions = topics.flatMap((topic) =>
      placed<Subscription>(topic.it.subscriptions, `${topic.at}.subscriptions`).map(({ at, it }) => ({
        at,
        it,
        own: topic.it.name,
      })),
    );
    return [...queues.map(({ at, it }) => ({ at, it, own: it.name })), ...subscriptions].flatMap(({ at, it, own }) =>
      (["forwardTo", "forwardDeadLetteredMessagesTo"] as const).flatMap((key) => {
        const target = it[key];
        if (target === undefined || (names.has(target) && target !== own)) return [];
        return [
          {
            path: `${at}.${key}`,
            got: `"${target}"`,
            expected: "another queue or topic of this stamp",
            fix: "declare the target, or name one that is declared",
          },
        ];
      }),
    );
  });
