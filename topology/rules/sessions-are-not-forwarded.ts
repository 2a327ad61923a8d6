import { placed, stampsOf } from "../draft";
import type { Queue, Subscription, Topic } from "../messaging-schema";
import type { TopologyRule } from "./topology-rule";

/** An entity with sessions cannot forward (learn.microsoft.com/azure/service-bus-messaging/service-bus-auto-forwarding). */
export const sessionsAreNotForwarded: TopologyRule = (topology) =>
  stampsOf(topology)
    .flatMap(({ at, it }) => [
      ...placed<Queue>(it.queues, `${at}.queues`),
      ...placed<Topic>(it.topics, `${at}.topics`).flatMap((topic) =>
        placed<Subscription>(topic.it.subscriptions, `${topic.at}.subscriptions`),
      ),
    ])
    .filter(({ it }) => it.requiresSession === true && it.forwardTo !== undefined)
    .map(({ at, it }) => ({
      path: `${at}.forwardTo`,
      got: `"${it.forwardTo ?? ""}"`,
      expected: "nothing, because the entity requires sessions",
      fix: "remove forwardTo or requiresSession",
    }));
