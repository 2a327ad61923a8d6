import { placed, stampsOf } from "../draft";
import type { Subscription, SubscriptionRule, Topic } from "../messaging-schema";
import type { TopologyRule } from "./topology-rule";

export const subscriptionRuleHasOneFilter: TopologyRule = (topology) =>
  stampsOf(topology)
    .flatMap(({ at, it }) => placed<Topic>(it.topics, `${at}.topics`))
    .flatMap(({ at, it }) => placed<Subscription>(it.subscriptions, `${at}.subscriptions`))
    .flatMap(({ at, it }) => placed<SubscriptionRule>(it.rules, `${at}.rules`))
    .flatMap(({ at, it }) => {
      const filters = (["sqlFilter", "correlationFilter"] as const).filter((key) => key in it);
      const empty = it.correlationFilter !== undefined && Object.keys(it.correlationFilter).length === 0;
      if (filters.length === 1 && !empty) return [];
      return [
        {
          path: at,
          got: empty
            ? "a correlationFilter without a condition"
            : filters.length === 0
              ? "no filter"
              : filters.join(" and "),
          expected: "one filter: sqlFilter, or correlationFilter with at least one condition",
          fix: "write exactly one",
        },
      ];
    });
