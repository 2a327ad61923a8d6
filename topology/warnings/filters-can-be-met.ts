import { LONGEST_ID } from "../../functions/shared/broker-id";
import { PROPERTY } from "../../functions/shared/message-properties";
import { forwardsOf, reaches } from "../forwarding";
import type { SubscriptionRule, Topic } from "../messaging-schema";
import type { Stamp } from "../schema";
import { asksInVain } from "../sql/asks-in-vain";
import { parseSqlAction, parseSqlFilter } from "../sql/sql";
import { type PropertyReference, systemProperty, type Value } from "../sql/values";
import type { WarningRule } from "./warning";

/** What the messages of the producer can have in a property; application properties are the caller's to name, but for these. */
interface Possible {
  readonly is: (value: Value) => boolean;
  readonly reason: string;
  /** Values that every message of the producer has. */
  readonly always?: readonly Value[];
}

const CONTENT_TYPE = "application/json";
const none = (name: string): Possible => ({
  is: (value) => value === null,
  reason: `no message of the producer has ${name}`,
});
const text = (name: string, pattern: RegExp): Possible => ({
  is: (value) => value === null || (typeof value === "string" && pattern.test(value)),
  reason: `no message of the producer has such a ${name}`,
});

/** By `sys.<name>` and `user.<name>`, the name in lower case. */
const POSSIBLE: ReadonlyMap<string, Possible> = new Map([
  ...["to", "replyTo", "replyToSessionId"].map((name) => [`sys.${name.toLowerCase()}`, none(name)] as const),
  [
    "sys.contenttype",
    {
      is: (value) => value === CONTENT_TYPE,
      reason: `every message of the producer has the content type ${CONTENT_TYPE}`,
      always: [CONTENT_TYPE],
    },
  ],
  // As the producer takes them from a caller (functions/producer/handler.ts, items.ts, properties.ts).
  ["sys.correlationid", text("correlationId", /^[\x21-\x7e]{1,128}$/)],
  ["sys.subject", text("label", new RegExp(`^[^]{1,${LONGEST_ID}}$`))],
  ["sys.messageid", text("messageId", new RegExp(`^[^]{1,${LONGEST_ID}}$`))],
  ["sys.sessionid", text("sessionId", new RegExp(`^[^]{1,${LONGEST_ID}}$`))],
  ...["traceparent", PROPERTY.deferrals, PROPERTY.refusalReason, PROPERTY.refusalSource].map(
    (name) => [`user.${name.toLowerCase()}`, none(name)] as const,
  ),
]);

/**
 * A filter that asks for what the producer never sets takes no message of the producer's. It is right where others send to that topic (`access.senders`), or where an
 * action upstream sets the property before the message is forwarded.
 */
export const filtersCanBeMet: WarningRule = ({ stamps }) =>
  stamps.flatMap((it, stamp) => {
    const forwards = forwardsOf({ at: "", it });
    const others = it.access.senders.flatMap(({ entities }) => entities.map((name) => name.toLowerCase()));
    const hasOthers = ({ name }: Topic) => others.some((entity) => reaches(forwards, entity, name.toLowerCase()));
    return it.topics.flatMap((topic, index) =>
      (hasOthers(topic) ? [] : rulesOf(topic)).flatMap(({ rule, path }) =>
        askedInVain(rule, setBefore(it, topic.name)).map(({ key, reason }) => ({
          path: `stamps[${stamp}].topics[${index}].${path}.${key}`,
          what: reason,
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

/** @param set what an action upstream may have set: it can have any value */
function askedInVain(
  { sqlFilter, correlationFilter }: SubscriptionRule,
  set: ReadonlySet<string>,
): { key: string; reason: string }[] {
  const restricted = (key: string) => (set.has(key) ? undefined : POSSIBLE.get(key));
  const filter = sqlFilter === undefined ? undefined : parseSqlFilter(sqlFilter);
  const reads = new Map((filter?.reads ?? []).map((read) => [keyOf(read), read]));
  const { properties, ...own } = correlationFilter ?? {};
  const conditions = [
    ...Object.entries(own).map(([name, value]) => ({ key: keyOf({ scope: "sys", name }), name, value })),
    ...Object.entries(properties ?? {}).map(([name, value]) => ({
      key: keyOf({ scope: "user", name }),
      name: `properties.${name}`,
      value,
    })),
  ];
  return [
    ...[...reads].flatMap(([key, read]) => {
      const possible = restricted(key);
      if (!filter || !possible || !asksInVain(filter, read, possible.is, possible.always)) return [];
      return [{ key: "sqlFilter", reason: possible.reason }];
    }),
    ...conditions.flatMap(({ key, name, value }) => {
      const possible = restricted(key);
      if (!possible || possible.is(value)) return [];
      return [{ key: `correlationFilter.${name}`, reason: possible.reason }];
    }),
  ];
}

/** What actions of subscriptions set whose messages are forwarded to a topic, directly or not. */
function setBefore(stamp: Stamp, entity: string, seen = new Set<string>()): Set<string> {
  const name = entity.toLowerCase();
  if (seen.has(name)) return new Set();
  seen.add(name);
  const comesHere = ({ forwardTo }: { readonly forwardTo?: string | undefined }) => forwardTo?.toLowerCase() === name;
  const queues = stamp.queues.filter(comesHere).map((queue) => setBefore(stamp, queue.name, seen));
  const topics = stamp.topics.flatMap((topic) =>
    topic.subscriptions
      .filter(comesHere)
      .flatMap(({ rules }) => [new Set(rules.flatMap(setBy)), setBefore(stamp, topic.name, seen)]),
  );
  return new Set([...queues, ...topics].flatMap((keys) => [...keys]));
}

function setBy({ action }: SubscriptionRule): string[] {
  if (action === undefined) return [];
  return parseSqlAction(action).flatMap((statement) =>
    statement.verb === "SET"
      ? [keyOf({ scope: statement.system === undefined ? "user" : "sys", name: statement.name })]
      : [],
  );
}

/** A correlation filter's names are those of SQL: `label` is the subject. */
function keyOf({ scope, name }: PropertyReference): string {
  return `${scope}.${(scope === "sys" ? (systemProperty(name) ?? name) : name).toLowerCase()}`;
}
