import { forwardsOf, reaches } from "../forwarding";
import type { SubscriptionRule, Topic } from "../messaging-schema";
import { parseSqlAction, parseSqlFilter } from "../sql/sql";
import { type PropertyName, systemProperty } from "../sql/values";
import type { Warning, WarningRule } from "./warning";

/** What no message of the producer has. Application properties are the caller's to name: every other property can be set. */
const NEVER_SET: ReadonlySet<PropertyName> = new Set(["to", "replyTo", "replyToSessionId"]);
const CONTENT_TYPE = "application/json";
/** A correlation filter's names for a message's own properties. */
const CORRELATION_NAMES: Readonly<Record<string, PropertyName>> = { label: "subject" };

/**
 * A filter on what the producer never sets takes no message of the producer's. It is right where others send to that topic (`access.senders`), or where an action upstream
 * sets the property before the message is forwarded.
 */
export const filtersCanBeMet: WarningRule = ({ stamps }) =>
  stamps.flatMap((it, stamp) => {
    const { topics, access } = it;
    const forwards = forwardsOf({ at: "", it });
    const others = access.senders.flatMap(({ entities }) => entities.map((name) => name.toLowerCase()));
    const hasOthers = ({ name }: Topic) => others.some((entity) => reaches(forwards, entity, name.toLowerCase()));
    const set = new Set(topics.flatMap(rulesOf).flatMap(({ rule }) => systemPropertiesSetBy(rule)));
    return topics.flatMap((topic, index) =>
      (hasOthers(topic) ? [] : rulesOf(topic)).flatMap(({ rule, path }): Warning[] =>
        conditionsOf(rule)
          .filter(({ property, value }) =>
            property === "contentType" ? value !== undefined && value !== CONTENT_TYPE : NEVER_SET.has(property),
          )
          .filter(({ property }) => !set.has(property))
          .map(({ property, key }) => ({
            path: `stamps[${stamp}].topics[${index}].${path}.${key}`,
            what:
              property === "contentType"
                ? `every message of the producer has the content type ${CONTENT_TYPE}`
                : `no message of the producer has ${property}`,
            fix: "Filter on subject, ids or an application property, or name the other senders in access.senders",
          })),
      ),
    );
  });

function rulesOf({ subscriptions }: Topic): { rule: SubscriptionRule; path: string }[] {
  return subscriptions.flatMap(({ rules }, subscription) =>
    rules.map((rule, index) => ({ rule, path: `subscriptions[${subscription}].rules[${index}]` })),
  );
}

/** A message's own properties that a rule asks for, and the value where it asks for one. */
function conditionsOf({ sqlFilter, correlationFilter }: SubscriptionRule) {
  const bySql = sqlFilter === undefined ? [] : parseSqlFilter(sqlFilter).reads;
  const byCorrelation = Object.entries(correlationFilter ?? {}).filter(([name]) => name !== "properties");
  return [
    ...bySql.flatMap(({ scope, name }) => {
      const property = scope === "sys" ? systemProperty(name) : undefined;
      const value = property === "contentType" ? contentTypeIn(sqlFilter ?? "") : undefined;
      return property === undefined ? [] : [{ property, value, key: "sqlFilter" }];
    }),
    ...byCorrelation.map(([name, value]) => ({
      property: CORRELATION_NAMES[name] ?? (name as PropertyName),
      value: typeof value === "string" ? value : undefined,
      key: `correlationFilter.${name}`,
    })),
  ];
}

/** The content type that a filter asks for, where it compares it with one text. */
function contentTypeIn(sqlFilter: string): string | undefined {
  return /\bsys\.\[?contenttype\]?\s*=\s*'([^']*)'/i.exec(sqlFilter)?.[1];
}

function systemPropertiesSetBy({ action }: SubscriptionRule): PropertyName[] {
  if (action === undefined) return [];
  return parseSqlAction(action).flatMap((statement) =>
    statement.verb === "SET" && statement.system !== undefined ? [statement.system] : [],
  );
}
