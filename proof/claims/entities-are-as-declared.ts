import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { all, type Located, referred, textOf } from "../../synthesized/resources";
import { optionalText, partOf } from "../../synthesized/views/attributes";
import type { Stamp } from "../../topology/schema";
import type { DeclaredClaim, Violation } from "../claim";
import { originOf } from "../network/terraform/origins";

/** Queues, topics, subscriptions and rules: each is there, with each of its fields, and no other is. */
export const entitiesAreAsDeclared: DeclaredClaim = {
  name: "entities-are-as-declared",
  why: "A message is sent to what is not there, or is kept, locked or filtered otherwise than the apps expect.",
  needs: "topology",
  check: ({ topology, stacks, model }) => {
    const found = entitiesIn(stacks);
    return topology.stamps.flatMap((stamp): Violation[] => {
      const namespaces = stamp.regions.map(({ serviceBus }) => serviceBus.namespace.toLowerCase());
      const own = new Map([...found].filter(([key]) => namespaces.some((name) => key.startsWith(`${name}/`))));
      const names = new Map([...own].map(([key, entity]) => [key.slice(key.indexOf("/") + 1), entity]));
      const meant = declaredEntities(stamp);
      const isPartitioned = stamp.regions.some(({ serviceBus }) => serviceBus.partitions > 1);
      const namespace = model.services.find(
        ({ kind, name }) => kind === "serviceBus" && namespaces.includes(name.toLowerCase()),
      );
      return [
        ...[...meant].flatMap(([name, fields]) => {
          const entity = names.get(name.toLowerCase());
          if (entity) return [...differences(name, fields, entity, isPartitioned), ...unprotected(name, entity, stamp)];
          return namespace ? [{ what: `${name} is in no namespace of its stamp`, origin: namespace.origin }] : [];
        }),
        ...[...names]
          .filter(([name]) => ![...meant.keys()].some((each) => each.toLowerCase() === name))
          .map(([name, entity]) => ({
            what: `${name} is in a namespace, and the topology does not declare it`,
            origin: originOf(partOf(entity)),
          })),
      ];
    });
  },
};

type Fields = Readonly<Record<string, unknown>>;

/** By path: `queue1`, `topic1/subscription1`, `topic1/subscription1/rule1`. */
function declaredEntities({ queues, topics }: Stamp): ReadonlyMap<string, Fields> {
  return new Map<string, Fields>([
    ...queues.map((queue) => [queue.name, queue] as const),
    ...topics.map((topic) => [topic.name, topic] as const),
    ...topics.flatMap((topic) =>
      topic.subscriptions.flatMap((subscription) => {
        const path = `${topic.name}/${subscription.name}`;
        return [
          [path, subscription] as const,
          ...subscription.rules.map((rule) => [`${path}/${rule.name}`, rule] as const),
        ];
      }),
    ),
  ]);
}

/** By the namespace and the path below it, in lower case. */
function entitiesIn(stacks: readonly SynthesizedStack[]): ReadonlyMap<string, Located> {
  return new Map(all(stacks, ...Object.keys(PARENTS)).map((entity) => [pathOf(entity), entity]));
}

/** Which attribute names what an entity is in. */
const PARENTS: Readonly<Record<string, string>> = {
  azurerm_servicebus_queue: "namespace_id",
  azurerm_servicebus_topic: "namespace_id",
  azurerm_servicebus_subscription: "topic_id",
  azurerm_servicebus_subscription_rule: "subscription_id",
};

function pathOf(entity: Located): string {
  const attribute = PARENTS[entity.type] ?? "";
  const parent = referred(entity, entity.block[attribute]);
  const above =
    parent && parent.type in PARENTS ? pathOf(parent) : pathIn(optionalText(partOf(entity), attribute) ?? "");
  return `${above}/${textOf(entity, "name")}`.toLowerCase();
}

/** `…/namespaces/n/topics/t/subscriptions/s` is `n/t/s`. */
function pathIn(id: string): string {
  const parts = id.split("/");
  const start = parts.findIndex((part) => part.toLowerCase() === "namespaces");
  return parts
    .slice(start + 1)
    .filter((_, index) => index % 2 === 0)
    .join("/");
}

/** Fields have azurerm's names, in camel case. What the topology leaves out is left out of the stacks. */
function differences(name: string, fields: Fields, entity: Located, isPartitioned: boolean): Violation[] {
  const meant = new Map(
    Object.entries(fields)
      .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
      .map(([field, value]) => [field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
  );
  if (/_(queue|topic)$/.test(entity.type)) meant.set("partitioning_enabled", isPartitioned);
  const further = Object.entries(entity.block)
    .filter(([key, value]) => ["string", "number", "boolean"].includes(typeof value) && !meant.has(key))
    .filter(([key, value]) => value !== false && value !== "" && !OWN.has(key));
  const origin = originOf(partOf(entity));
  return [
    ...[...meant]
      .map(([key, value]) => ({ key, value, got: entity.block[key] }))
      .filter(({ value, got }) => plain(got) !== plain(value) && !(value === false && got === undefined))
      .map(({ key, value, got }) => ({
        what: `${key} of ${name} is ${got === undefined ? "missing" : JSON.stringify(got)}, and the topology says ${JSON.stringify(value)}`,
        origin,
      })),
    ...further.map(([key, value]) => ({
      what: `${key} of ${name} is ${JSON.stringify(value)}, and the topology does not say it`,
      origin,
    })),
  ];
}

/** What has messages in it is deleted by no plan, where the topology says so. */
function unprotected(name: string, entity: Located, { protection }: Stamp): Violation[] {
  const lifecycle = entity.block.lifecycle as { readonly prevent_destroy?: unknown } | undefined;
  // A plan does not hold Terraform's own arguments, and a rule has no message.
  const isRead = entity.block.id === undefined && !entity.type.endsWith("_rule");
  if (!protection.preventDestroy || !isRead || lifecycle?.prevent_destroy === true) return [];
  return [
    { what: `prevent_destroy of ${name} is off, and the topology means it on`, origin: originOf(partOf(entity)) },
  ];
}

/** What an entity is in, and what azurerm needs beside the topology's fields. */
const OWN = new Set([
  "id",
  "name",
  "namespace_id",
  "topic_id",
  "subscription_id",
  "filter_type",
  "namespace_name",
  "resource_group_name",
]);

/** Terraform's escapes are no part of a text. */
function plain(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/([$%])\1\{/g, "$1{") : value;
}
