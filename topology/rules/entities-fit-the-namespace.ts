import { placed, regionsOf, stampsOf } from "../draft";
import type { Subscription, SubscriptionRule, Topic } from "../messaging-schema";
import type { Mistake } from "../mistake";
import type { TopologyRule } from "./topology-rule";

/** learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas, Premium. */
const ENTITIES_A_UNIT = 1_000;
const SUBSCRIPTIONS_A_TOPIC = 2_000;
const SQL_FILTERS_A_TOPIC = 2_000;
const CORRELATION_FILTERS_A_TOPIC = 100_000;

export const entitiesFitTheNamespace: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const { at, it } = stamp;
    const topics = placed<Topic>(it.topics, `${at}.topics`);
    const entities = (it.queues?.length ?? 0) + topics.length;
    const units = regionsOf(stamp).map((region) => region.it.serviceBus?.messagingUnits);
    const fewest = Math.min(...units.map((unit) => unit ?? Infinity));
    return [
      ...tooMany(
        `${at}.queues`,
        entities,
        "queues and topics",
        fewest * ENTITIES_A_UNIT,
        "in a namespace of its units",
      ),
      ...topics.flatMap((topic) => {
        const subscriptions = placed<Subscription>(topic.it.subscriptions, `${topic.at}.subscriptions`);
        const rules = subscriptions.flatMap(({ it: { rules } }) => placed<SubscriptionRule>(rules, ""));
        const sql = rules.filter((rule) => rule.it.sqlFilter !== undefined).length;
        const path = `${topic.at}.subscriptions`;
        return [
          ...tooMany(path, subscriptions.length, "subscriptions", SUBSCRIPTIONS_A_TOPIC, "of a topic"),
          ...tooMany(path, sql, "SQL filters", SQL_FILTERS_A_TOPIC, "of a topic"),
          ...tooMany(path, rules.length - sql, "correlation filters", CORRELATION_FILTERS_A_TOPIC, "of a topic"),
        ];
      }),
    ];
  });

function tooMany(path: string, count: number, what: string, most: number, where: string): Mistake[] {
  if (count <= most) return [];
  return [
    { path, got: `${count} ${what}`, expected: `${most} at most ${where}`, fix: "use more units, or a second stamp" },
  ];
}
