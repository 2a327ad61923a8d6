import { join } from "node:path";
import { CONSUMER_SOURCES, type ConsumerSource, writtenSources } from "../../../functions/consumer/sources";
import { PRODUCER_ENTITIES, type ProducerEntity, writtenEntities } from "../../../functions/producer/entities";
import { BUILD } from "../../../packaging/bundle";
import { packageWith } from "../../../packaging/package-functions";
import { ROLES } from "../../../azure-facts/built-in-roles";
import { kindOf } from "../../azure/app-kind";
import type { Azure, FunctionApp } from "../../azure/azure";
import type { QueueSettings } from "../../azure/messaging";
import { OUTAGE } from "./outage";

/** What the messages wait in that a dependency holds up. */
export type Waiting = "queue" | "subscription" | "session";

const NAME = "drill";
/** The design document's queue, and duplicate detection as the topology has it by default. */
const SETTINGS: QueueSettings = {
  status: "Active",
  lockDurationMs: 30_000,
  maxDeliveryCount: 10,
  maxSizeBytes: 1024 * 1_048_576,
  maxMessageBytes: 1_048_576,
  timeToLiveMs: 14 * 86_400_000,
  deadLetterOnExpiration: true,
  duplicateWindowMs: 600_000,
  requiresSession: false,
};

/** Puts one entity in place of the topology's, with a consumer whose business logic needs a dependency. */
export function arrange(azure: Azure, waiting: Waiting, folder: string): void {
  const requiresSession = waiting === "session";
  const subscribed = waiting === "subscription";
  for (const { id } of azure.namespaces.all()) {
    if (azure.isPassive(id)) continue;
    azure.declareEntities(id, {
      queues: subscribed ? [] : [{ ...SETTINGS, name: NAME, requiresSession }],
      topics: subscribed ? [{ ...SETTINGS, name: NAME, subscriptions: [subscription()] }] : [],
    });
  }
  const entity: ProducerEntity = { name: NAME, maxMessageBytes: SETTINGS.maxMessageBytes, requiresSession };
  const locked = { requiresSession, lockSeconds: SETTINGS.lockDurationMs / 1_000 };
  const source: ConsumerSource = subscribed
    ? { topic: NAME, subscription: NAME, ...locked }
    : { queue: NAME, ...locked };
  const { path, hash } = packageWith("consumer", "local/drills/dependency/consumer.ts", join(BUILD, "dependency-down"));
  for (const app of azure.apps.all()) {
    if (kindOf(app) === "producer") {
      azure.apps.put(withSettings(app, { [PRODUCER_ENTITIES]: writtenEntities([entity]) }));
    }
    if (kindOf(app) !== "consumer") continue;
    azure.apps.put(withSettings(app, { [CONSUMER_SOURCES]: writtenSources([source]), [OUTAGE]: outageFile(folder) }));
    azure.packages.put({ siteId: app.id, path, hash });
    if (waiting === "queue") allowSending(azure, app);
  }
}

/** The file that is there while the dependency is down. */
export function outageFile(folder: string): string {
  return join(folder, "the-dependency-is-down");
}

function subscription() {
  return { ...SETTINGS, name: NAME, duplicateWindowMs: undefined, deadLetterOnFilterError: true, rules: [] };
}

function withSettings(app: FunctionApp, settings: Readonly<Record<string, string>>): FunctionApp {
  return { ...app, settings: { ...app.settings, ...settings } };
}

/** What the stacks grant on the topology's own queues. */
function allowSending(azure: Azure, { identityIds, location }: FunctionApp): void {
  const namespace = azure.namespaces.all().find((each) => each.location === location);
  for (const id of identityIds) {
    const principalId = azure.identities.get(id)?.principalId;
    if (principalId === undefined || !namespace) continue;
    azure.roleAssignments.put({
      principalId,
      role: ROLES.serviceBusSender.name,
      scope: `${namespace.id}/queues/${NAME}`,
    });
  }
}
