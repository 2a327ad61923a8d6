import { placed, repeated, stampsOf } from "../draft";
import type { Queue, Subscription, SubscriptionRule, Topic } from "../messaging-schema";
import type { TopologyRule } from "./topology-rule";

/** Queues and topics of a namespace share one set of names; so do a topic's subscriptions and a subscription's rules. */
export const entityNamesDiffer: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const queues = placed<Queue>(stamp.it.queues, `${stamp.at}.queues`);
    const topics = placed<Topic>(stamp.it.topics, `${stamp.at}.topics`);
    const subscriptions = topics.map(({ at, it }) => placed<Subscription>(it.subscriptions, `${at}.subscriptions`));
    const rules = subscriptions.flat().map(({ at, it }) => placed<SubscriptionRule>(it.rules, `${at}.rules`));
    return [[...queues, ...topics], ...subscriptions, ...rules].flatMap((siblings) =>
      repeated(siblings.map(({ at, it }) => ({ at: `${at}.name`, value: it.name }))).map(({ at, value, first }) => ({
        path: at,
        got: `"${value}"`,
        expected: `a name that ${first} does not have (names ignore case)`,
        fix: "rename one of the two, or remove it",
      })),
    );
  });
