import type { Stamp, Topology } from "../../topology/schema";
import type { Reach } from "../reach/reach";
import { appPart } from "./app-part";
import { regionParts, type RegionParts } from "./region-parts";
import { takenBy } from "./taken";

/** A right that the topology gives. */
export interface DeclaredRole {
  /** An identity's id, or a principal's GUID. */
  readonly principal: string;
  readonly role: string;
  /** An ARM id in lower case. */
  readonly scope: string;
  /** Whose it is, and what for. */
  readonly what: string;
}

const SEND = "Azure Service Bus Data Sender";
const RECEIVE = "Azure Service Bus Data Receiver";
const STORAGE = ["Storage Blob Data Owner", "Storage Queue Data Contributor", "Storage Table Data Contributor"];
const TELEMETRY = "Monitoring Metrics Publisher";

/** Every right that a topology gives, and no other: an app's own identity on what it uses, and the senders and operators that it names. */
export function declaredRoles(topology: Topology, reach: Reach): DeclaredRole[] {
  return topology.stamps.flatMap((stamp) => {
    const regions = stamp.regions.map((region) => regionParts(stamp, region, reach));
    return [
      ...regions.flatMap((parts) => appRoles(parts, regions, reach)),
      ...senderRoles(stamp, regions, reach),
      ...operatorRoles(stamp, regions, reach),
    ];
  });
}

function appRoles(parts: RegionParts, regions: readonly RegionParts[], reach: Reach): DeclaredRole[] {
  const { region, apps } = parts;
  return apps.flatMap(({ app }) => {
    if (!app) return [];
    const [principal = `an identity of ${app.name}`] = app.identityIds;
    const give = (role: string, scope: string, what: string) => ({
      principal,
      role,
      scope,
      what: `${app.name}: ${what}`,
    });
    const { isProducer, consumer, storageAccount } = appPart(app, parts.stamp, region);
    const storage = serviceId(reach, "storage", storageAccount);
    const insights = reach.model.monitoring.find(({ id }) => inGroup(id, region.resourceGroups.workload));
    return [
      ...STORAGE.map((role) => give(role, storage, "its host keeps leases, keys and timers there")),
      give(TELEMETRY, insights?.id ?? "no Application Insights", "it sends telemetry"),
      ...(isProducer
        ? regions.map((target) => give(SEND, namespaceId(target, reach), "it sends to every namespace"))
        : consumerRoles(parts, consumer, reach).map(([role, scope, what]) => give(role, scope, what))),
    ];
  });
}

/** A consumer of several receives from what it takes; a single one from the namespace. Each sends to its queues what it puts off, and to the queue for what it refuses. */
function consumerRoles(
  parts: RegionParts,
  consumer: string | undefined,
  reach: Reach,
): (readonly [role: string, scope: string, what: string])[] {
  const { stamp, region } = parts;
  const id = namespaceId(parts, reach);
  const hasEntities = entityRegions(stamp).includes(region.location);
  const taken = takenBy(stamp, consumer);
  const receives: (readonly [string, string, string])[] =
    stamp.consumers.length === 0 || !hasEntities
      ? [[RECEIVE, id, "it receives from its own namespace"]]
      : taken.map(({ path }) => [RECEIVE, `${id}/${path}`, "it receives from what it takes"]);
  const targets = hasEntities
    ? [
        ...taken.filter(({ isQueue, requiresSession }) => isQueue && !requiresSession).map(({ path }) => path),
        ...(stamp.refusedMessages === undefined ? [] : [`queues/${stamp.refusedMessages.toLowerCase()}`]),
      ]
    : [];
  return [
    ...receives,
    ...targets.map((path) => [SEND, `${id}/${path}`, "it sends what it puts off or refuses"] as const),
  ];
}

function senderRoles(stamp: Stamp, regions: readonly RegionParts[], reach: Reach): DeclaredRole[] {
  const holding = regions.filter(({ region }) => entityRegions(stamp).includes(region.location));
  return stamp.access.senders.flatMap(({ principalId, entities }) =>
    entities.flatMap((entity) =>
      holding.map((parts) => ({
        principal: principalId,
        role: SEND,
        scope: `${namespaceId(parts, reach)}/${entityPath(stamp, entity)}`,
        what: `${principalId}: it may send to ${entity}`,
      })),
    ),
  );
}

/** Who moves a message receives it and sends it. */
function operatorRoles(stamp: Stamp, regions: readonly RegionParts[], reach: Reach): DeclaredRole[] {
  const all = [...stamp.queues, ...stamp.topics].map(({ name }) => name);
  const holding = regions.filter(({ region }) => entityRegions(stamp).includes(region.location));
  return stamp.access.operators.principals.flatMap(({ principalId, entities = all }) =>
    entities.flatMap((entity) =>
      holding.flatMap((parts) =>
        [RECEIVE, SEND].map((role) => ({
          principal: principalId,
          role,
          scope: `${namespaceId(parts, reach)}/${entityPath(stamp, entity)}`,
          what: `${principalId}: it moves messages of ${entity}`,
        })),
      ),
    ),
  );
}

function entityPath({ queues }: Stamp, entity: string): string {
  const isQueue = queues.some(({ name }) => name.toLowerCase() === entity.toLowerCase());
  return `${isQueue ? "queues" : "topics"}/${entity.toLowerCase()}`;
}

/** A namespace that waits to be paired again has no entity yet; a former primary has its own until they are deleted. */
function entityRegions({ regions, pairing, primary }: Stamp): readonly string[] {
  const isPaired = pairing !== undefined && pairing.state !== "unpaired";
  const former = pairing?.recovery?.partner === "former" ? pairing.recovery.from.toLowerCase() : undefined;
  return regions
    .filter(
      ({ location, serviceBus }) => isPaired || location === primary || serviceBus.namespace.toLowerCase() === former,
    )
    .map(({ location }) => location);
}

function namespaceId({ region }: RegionParts, reach: Reach): string {
  return serviceId(reach, "serviceBus", region.serviceBus.namespace);
}

function serviceId({ model }: Reach, kind: string, name: string): string {
  const found = model.services.find((each) => each.kind === kind && each.name.toLowerCase() === name.toLowerCase());
  return found?.id ?? `no ${kind} ${name}`;
}

function inGroup(id: string, group: string): boolean {
  return id.includes(`/resourcegroups/${group.toLowerCase()}/`);
}
