import { nameIn } from "../../../../azure-facts/arm-ids";
import { type ArmDocument, propertiesOf, stringOf } from "../../../azure/document";
import { millisecondsOf } from "../../../azure/durations";
import type { MessageCounts } from "../../../azure/message-counts";
import type { EntityDefinitions, SubscriptionDefinition, TopicDefinition } from "../../../azure/messaging";
import { rulesIn } from "../../../azure/rules";
import type { Arm, Backing } from "../../arm/arm";
import { badRequest, conflict } from "../../arm/fault";
import { isWithin, sameId } from "../../arm/resource-id";
import type { Naming, RemovalRule, ResourceType, WriteRule } from "../../arm/resource-type";
import {
  queueDocument,
  queueFrom,
  QUEUES,
  RULES,
  ruleDocuments,
  ruleFrom,
  subscriptionDocument,
  subscriptionFrom,
  SUBSCRIPTIONS,
  topicDocument,
  topicFrom,
  TOPICS,
} from "./entity-documents";

/** learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftservicebus */
const naming = (longest: number): Naming => ({
  pattern: new RegExp(`^[A-Za-z0-9$]([\\w./~-]{0,${longest - 2}}[A-Za-z0-9])?$`),
  code: "BadRequest",
  says: `up to ${longest} letters, digits, periods, hyphens and underscores, a letter or digit at both ends`,
});

/** The namespace that an entity's path begins with. */
function namespaceOf(id: string): string {
  return id.replace(/(\/namespaces\/[^/]+)\/.*$/i, "$1");
}

/** What a pairing replicates is written, and deleted, on the primary only. */
const onThePrimary: WriteRule = ({ arm, path }) => {
  refuseOnSecondary(arm, namespaceOf(path.id), "create or update");
};

const onlyFromThePrimary: RemovalRule = ({ arm, document }) => {
  refuseOnSecondary(arm, namespaceOf(document.id), "delete");
};

function refuseOnSecondary(arm: Arm, namespace: string, what: string): void {
  if (!arm.azure.isPassive(namespace)) return;
  throw badRequest(
    "BadRequest",
    `Cannot ${what} an entity of '${nameIn(namespace)}': it is the secondary namespace of a pairing.`,
  );
}

/** While a pairing is being made its namespaces are frozen (learn.microsoft.com/azure/service-bus-messaging/service-bus-resource-manager-exceptions, 40901). */
const nothingUnderWay: WriteRule = ({ arm, path }) => {
  const namespace = namespaceOf(path.id);
  const open = [...arm.pending.values()].find(
    ({ id, type, ...pairing }) =>
      type === "Microsoft.ServiceBus/namespaces/disasterRecoveryConfigs" &&
      (isWithin(id, namespace) || sameId(stringOf(propertiesOf(pairing), "partnerNamespace") ?? "", namespace)),
  );
  if (!open) return;
  throw conflict(
    "Conflict",
    `SubCode=40901. Another conflicting operation is in progress: the pairing '${open.name}' of namespace '${nameIn(namespace)}' is not ready.`,
  );
};

/** learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas */
const lockIsShort: WriteRule = ({ body }) => {
  const text = stringOf(propertiesOf(body), "lockDuration");
  if (text === undefined || (millisecondsOf(text) ?? Infinity) <= 300_000) return;
  throw badRequest("BadRequest", `The lock duration '${text}' is not valid: it can be five minutes at most.`);
};

const countIsPositive: WriteRule = ({ body }) => {
  const count = propertiesOf(body).maxDeliveryCount;
  if (count === undefined || (typeof count === "number" && count >= 1 && count <= 2000)) return;
  throw badRequest("BadRequest", `The maximum delivery count ${JSON.stringify(count)} is not valid: it is 1 to 2000.`);
};

/** learn.microsoft.com/azure/service-bus-messaging/service-bus-premium-messaging#large-messages-support: on Premium from 1 MB to 100 MB, elsewhere it is fixed. */
const messagesFit: WriteRule = ({ arm, path, body }) => {
  const size = propertiesOf(body).maxMessageSizeInKilobytes;
  const sku = arm.get(namespaceOf(path.id))?.sku as { name?: string } | undefined;
  const [least, most] = sku === undefined || sku.name === "Premium" ? [1_024, 102_400] : [256, 256];
  // azurerm writes 0 for a value that is not set.
  if (size === undefined || size === 0 || (typeof size === "number" && size >= least && size <= most)) return;
  throw badRequest(
    "BadRequest",
    `The maximum message size of ${JSON.stringify(size)} kilobytes is not valid for the namespace: it is ${least} to ${most}.`,
  );
};

/** learn.microsoft.com/azure/service-bus-messaging/duplicate-detection#duplicate-detection-window-size */
const windowIsInBounds: WriteRule = ({ body }) => {
  const text = stringOf(propertiesOf(body), "duplicateDetectionHistoryTimeWindow");
  const milliseconds = text === undefined ? undefined : millisecondsOf(text);
  if (milliseconds === undefined || (milliseconds >= 20_000 && milliseconds <= 604_800_000)) return;
  throw badRequest(
    "BadRequest",
    `The window of duplicate detection '${text ?? ""}' is not valid: it is 20 seconds to 7 days.`,
  );
};

/** Both are fixed when the entity is created (learn.microsoft.com/azure/service-bus-messaging/message-sessions, …/duplicate-detection). */
const fixedStaysFixed: WriteRule = ({ path, body, before }) => {
  if (!before) return;
  for (const key of ["requiresSession", "requiresDuplicateDetection", "enablePartitioning"]) {
    const [old, wanted] = [propertiesOf(before)[key], propertiesOf(body)[key]];
    if (wanted === undefined || old === undefined || wanted === old) continue;
    if (key === "enablePartitioning")
      throw badRequest("BadRequest", `Partitioning cannot be changed for ${kindOf(path.type)}. `);
    throw badRequest(
      "BadRequest",
      `The value for the ${key.charAt(0).toUpperCase()}${key.slice(1)} property of an existing ${kindOf(path.type)} cannot be changed.`,
    );
  }
};

/** `Queue`, `Topic`, `Subscription`. */
function kindOf(type: string): string {
  const plural = nameIn(type);
  return `${plural.charAt(0).toUpperCase()}${plural.slice(1, -1)}`;
}

/** Every entity of a partitioned namespace is partitioned, and none of another (learn.microsoft.com/azure/service-bus-messaging/enable-partitions-premium). */
const partitionedAsItsNamespace: WriteRule = ({ arm, path, body }) => {
  const namespace = arm.get(namespaceOf(path.id));
  const { enablePartitioning: wanted } = propertiesOf(body);
  const partitioned = Number(propertiesOf(namespace).premiumMessagingPartitions ?? 1) > 1;
  const premium = (namespace?.sku as { name?: string } | undefined)?.name === "Premium";
  if (!premium || wanted === undefined || wanted === partitioned) return;
  throw badRequest(
    "BadRequest",
    partitioned
      ? `The namespace '${nameIn(namespaceOf(path.id))}' is partitioned: its entities must have partitioning enabled.`
      : `The namespace '${nameIn(namespaceOf(path.id))}' has one messaging partition: its entities cannot have partitioning enabled.`,
  );
};

/** learn.microsoft.com/azure/service-bus-messaging/service-bus-auto-forwarding: the destination is there first. */
const forwardsToWhatExists: WriteRule = ({ arm, path, body }) => {
  const { queues, topics } = arm.azure.entitiesOf(namespaceOf(path.id));
  for (const key of ["forwardTo", "forwardDeadLetteredMessagesTo"]) {
    const target = stringOf(propertiesOf(body), key) ?? "";
    if (target === "" || [...queues, ...topics].some(({ name }) => sameId(name, target))) continue;
    throw badRequest(
      "BadRequest",
      `The messaging entity '${nameIn(namespaceOf(path.id))}:${target}' could not be found: '${path.name}' cannot forward to it.`,
    );
  }
};

/** Queues and topics of a namespace share one set of names. */
const nameIsFree =
  (other: string): WriteRule =>
  ({ arm, path, before }) => {
    const sibling = `${namespaceOf(path.id)}/${other}/${path.name}`;
    if (before || !arm.get(sibling)) return;
    throw conflict("Conflict", `The messaging entity '${path.name}' exists already, as one of the ${other}.`);
  };

const ENTITY_RULES: readonly WriteRule[] = [
  onThePrimary,
  nothingUnderWay,
  lockIsShort,
  countIsPositive,
  messagesFit,
  windowIsInBounds,
  fixedStaysFixed,
  partitionedAsItsNamespace,
  forwardsToWhatExists,
];

/** A type whose documents are read from the model's entities, and written into them. */
function backing(
  documents: (
    namespaceId: string,
    entities: EntityDefinitions,
    counts: (path: string) => MessageCounts | undefined,
  ) => ArmDocument[],
  put: (entities: EntityDefinitions, document: ArmDocument, mostKilobytes: number) => EntityDefinitions,
  remove: (entities: EntityDefinitions, document: ArmDocument) => EntityDefinitions,
): Backing {
  const change = (arm: Arm, { id }: ArmDocument, how: (entities: EntityDefinitions) => EntityDefinitions) => {
    const namespace = namespaceOf(id);
    arm.azure.declareEntities(namespace, how(arm.azure.entitiesOf(namespace)));
  };
  return {
    all: ({ azure }) =>
      azure.namespaces.all().flatMap(({ id, location }) =>
        documents(id, azure.entitiesOf(id), (path) => azure.countMessages(id, path)).map((document) => ({
          ...document,
          location,
        })),
      ),
    put: (arm, document) => {
      const sku = arm.get(namespaceOf(document.id))?.sku as { name?: string } | undefined;
      // learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas: the largest message, unless a Premium namespace sets another.
      const mostKilobytes = sku === undefined || sku.name === "Premium" ? 1024 : 256;
      change(arm, document, (entities) => put(entities, document, mostKilobytes));
    },
    remove: (arm, document) => {
      change(arm, document, (entities) => remove(entities, document));
    },
  };
}

function replaced<T extends { readonly name: string }>(items: readonly T[], item: T): T[] {
  return [...without(items, item.name), item];
}

function without<T extends { readonly name: string }>(items: readonly T[], name: string): T[] {
  return items.filter((item) => !sameId(item.name, name));
}

function named<T extends { readonly name: string }>(items: readonly T[], name: string): T {
  const found = items.find((item) => sameId(item.name, name));
  if (!found) throw new Error(`There is no ${name}.`);
  return found;
}

/** The names along the path of a topic's child: topic, subscription, rule. */
function namesIn(id: string): { topic: string; subscription: string } {
  const [, topic = "", subscription = ""] = /\/topics\/([^/]+)(?:\/subscriptions\/([^/]+))?/i.exec(id) ?? [];
  return { topic, subscription };
}

function withSubscriptions(
  entities: EntityDefinitions,
  topicName: string,
  change: (topic: TopicDefinition) => readonly SubscriptionDefinition[],
): EntityDefinitions {
  const topic = named(entities.topics, topicName);
  return { ...entities, topics: replaced(entities.topics, { ...topic, subscriptions: change(topic) }) };
}

const queues: ResourceType = {
  type: QUEUES,
  naming: naming(260),
  created: 200,
  rules: [...ENTITY_RULES, nameIsFree("topics")],
  removalRules: [onlyFromThePrimary],
  backing: backing(
    (namespaceId, entities, counts) =>
      entities.queues.map((queue) => queueDocument(namespaceId, queue, counts(queue.name))),
    (entities, document, mostKilobytes) => ({
      ...entities,
      queues: replaced(entities.queues, queueFrom(document.name, document, mostKilobytes)),
    }),
    (entities, { name }) => ({ ...entities, queues: without(entities.queues, name) }),
  ),
};

const topics: ResourceType = {
  type: TOPICS,
  naming: naming(260),
  created: 200,
  rules: [...ENTITY_RULES, nameIsFree("queues")],
  removalRules: [onlyFromThePrimary],
  backing: backing(
    (namespaceId, entities, counts) =>
      entities.topics.map((topic) => topicDocument(namespaceId, topic, counts(topic.name))),
    (entities, document, mostKilobytes) => {
      const { subscriptions = [] } = entities.topics.find(({ name }) => sameId(name, document.name)) ?? {};
      const topic = topicFrom(document.name, document, subscriptions, mostKilobytes);
      return { ...entities, topics: replaced(entities.topics, topic) };
    },
    (entities, { name }) => ({ ...entities, topics: without(entities.topics, name) }),
  ),
};

const subscriptions: ResourceType = {
  type: SUBSCRIPTIONS,
  naming: naming(50),
  created: 200,
  rules: ENTITY_RULES.filter((rule) => rule !== partitionedAsItsNamespace),
  removalRules: [onlyFromThePrimary],
  backing: backing(
    (namespaceId, entities, counts) =>
      entities.topics.flatMap((topic) =>
        topic.subscriptions.map((subscription) =>
          subscriptionDocument(
            `${namespaceId}/topics/${topic.name}`,
            subscription,
            counts(`${topic.name}/subscriptions/${subscription.name}`),
          ),
        ),
      ),
    (entities, document) =>
      withSubscriptions(entities, namesIn(document.id).topic, (topic) => {
        const { rules = [], lacksDefault } = topic.subscriptions.find(({ name }) => sameId(name, document.name)) ?? {};
        return replaced(topic.subscriptions, {
          ...subscriptionFrom(document.name, document, topic, rules),
          ...(lacksDefault === undefined ? {} : { lacksDefault }),
        });
      }),
    (entities, document) =>
      withSubscriptions(entities, namesIn(document.id).topic, (topic) => without(topic.subscriptions, document.name)),
  ),
};

const rules: ResourceType = {
  type: RULES,
  naming: naming(50),
  created: 200,
  rules: [onThePrimary, nothingUnderWay],
  removalRules: [onlyFromThePrimary],
  backing: backing(
    (namespaceId, entities) =>
      entities.topics.flatMap((topic) =>
        topic.subscriptions.flatMap((subscription) =>
          ruleDocuments(`${namespaceId}/topics/${topic.name}/subscriptions/${subscription.name}`, subscription),
        ),
      ),
    (entities, document) =>
      // The first rule that Resource Manager writes takes the place of the default one.
      changeRules(entities, document, ({ rules: before }) => ({
        rules: replaced(before, ruleFrom(document.name, document)),
      })),
    (entities, document) =>
      changeRules(entities, document, (before) => ({
        rules: without(rulesIn(before), document.name),
        lacksDefault: true,
      })),
  ),
};

function changeRules(
  entities: EntityDefinitions,
  { id }: ArmDocument,
  change: (before: SubscriptionDefinition) => Pick<SubscriptionDefinition, "rules" | "lacksDefault">,
): EntityDefinitions {
  const { topic, subscription: name } = namesIn(id);
  return withSubscriptions(entities, topic, ({ subscriptions: before }) => {
    const subscription = named(before, name);
    return replaced(before, { ...subscription, ...change(subscription) });
  });
}

export const ENTITIES: readonly ResourceType[] = [queues, topics, subscriptions, rules];
