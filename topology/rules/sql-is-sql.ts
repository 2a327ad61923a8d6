import { placed, stampsOf } from "../draft";
import type { Mistake } from "../mistake";
import type { Subscription, SubscriptionRule, Topic } from "../messaging-schema";
import { SqlError } from "../sql/lexer";
import { parseSqlAction, parseSqlFilter } from "../sql/sql";
import type { TopologyRule } from "./topology-rule";

/** learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas */
const MOST_STATEMENTS = 32;

/** Filters and actions are read as the local Service Bus reads them, and as Azure would at the deployment. */
export const sqlIsSql: TopologyRule = (topology) =>
  stampsOf(topology)
    .flatMap(({ at, it }) => placed<Topic>(it.topics, `${at}.topics`))
    .flatMap(({ at, it }) => placed<Subscription>(it.subscriptions, `${at}.subscriptions`))
    .flatMap(({ at, it }) => placed<SubscriptionRule>(it.rules, `${at}.rules`))
    .flatMap(({ at, it: { sqlFilter, action } }) => [
      ...mistakesIn(`${at}.sqlFilter`, sqlFilter, "a SQL filter that Service Bus can read", parseSqlFilter),
      ...mistakesIn(`${at}.action`, action, "a SQL action that Service Bus can read", (sql) => {
        const { length } = parseSqlAction(sql);
        if (length > MOST_STATEMENTS) throw new SqlError(`more than ${MOST_STATEMENTS} statements`, 0);
      }),
    ]);

function mistakesIn(
  path: string,
  sql: string | undefined,
  expected: string,
  parse: (sql: string) => unknown,
): Mistake[] {
  if (sql === undefined) return [];
  try {
    parse(sql);
    return [];
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return [
      {
        path,
        got: `"${sql}"`,
        expected: `${expected}: ${error.message}`,
        fix: "see learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter",
      },
    ];
  }
}
