import { nameIn } from "../../../../azure-facts/arm-ids";
import type { Pairing } from "../../../azure/azure";
import { type ArmDocument, bodyOf, propertiesOf, stringOf } from "../../../azure/document";
import { type Arm, isDone } from "../../arm/arm";
import { badRequest, conflict } from "../../arm/fault";
import { sameId } from "../../arm/resource-id";
import type { Action, ResourceType, WriteRule } from "../../arm/resource-type";
import { endpointsOf } from "../network/private-endpoints";
import { availability, NAMESPACES } from "./namespaces";

const CONFIGS = `${NAMESPACES}/disasterRecoveryConfigs`;

const partnerIn = (body: Readonly<Record<string, unknown>>) => stringOf(propertiesOf(body), "partnerNamespace") ?? "";

const partnerExists: WriteRule = ({ arm, path, body }) => {
  const partner = partnerIn(body);
  if (arm.get(partner)) {
    arm.need(partner, path.id);
    return;
  }
  throw badRequest("BadRequest", `The partner namespace '${partner}' of alias '${path.name}' was not found.`);
};

/** learn.microsoft.com/azure/service-bus-messaging/service-bus-geo-dr: Premium on both sides, in different regions. */
const bothPremium: WriteRule = ({ arm, path, body }) => {
  for (const id of [path.parent, partnerIn(body)]) {
    if (bodyOf(arm.get(id), "sku").name === "Premium") continue;
    throw badRequest("BadRequest", `Geo-disaster recovery needs the Premium tier: '${nameIn(id)}' has another.`);
  }
};

const inTwoRegions: WriteRule = ({ arm, path, body }) => {
  const [own, partner] = [arm.get(path.parent), arm.get(partnerIn(body))];
  if (own?.location !== partner?.location) return;
  throw badRequest("BadRequest", "The primary and the secondary namespace of a pairing cannot be in the same region.");
};

/** learn.microsoft.com/azure/service-bus-messaging/enable-partitions-premium: partitioned pairs with partitioned, in like numbers. */
const likePartitions: WriteRule = ({ arm, path, body }) => {
  const of = (id: string) => Number(propertiesOf(arm.get(id)).premiumMessagingPartitions ?? 1);
  if (of(path.parent) === of(partnerIn(body))) return;
  throw badRequest(
    "BadRequest",
    `Namespaces with different numbers of messaging partitions cannot be paired: ${of(path.parent)} and ${of(partnerIn(body))}.`,
  );
};

const secondaryIsEmpty: WriteRule = ({ arm, path, body }) => {
  const partner = partnerIn(body);
  if (sameId(arm.azure.pairing(path.name)?.partnerId ?? "", partner)) return;
  const { queues, topics } = arm.azure.entitiesOf(partner);
  if (queues.length + topics.length === 0) return;
  throw badRequest(
    "BadRequest",
    `The secondary namespace '${nameIn(partner)}' must not contain any entities: it has ${queues.length} queues and ${topics.length} topics.`,
  );
};

const neitherIsPaired: WriteRule = ({ arm, path, body }) => {
  const ids = [path.parent, partnerIn(body)];
  const other = arm.azure
    .aliases()
    .find(
      ({ alias, primaryId, partnerId }) =>
        !sameId(alias, path.name) && ids.some((id) => sameId(id, primaryId) || sameId(id, partnerId ?? "")),
    );
  if (!other) return;
  throw conflict(
    "Conflict",
    `A namespace can have one pairing: the alias '${other.alias}' has one of the two already.`,
  );
};

const aliasIsFree: WriteRule = ({ arm, path }) => {
  const other = arm.azure.pairing(path.name);
  const taken =
    arm.all(NAMESPACES).some(({ name }) => sameId(name, path.name)) ||
    (other !== undefined && !sameId(other.primaryId, path.parent));
  if (!taken) return;
  throw conflict("Conflict", `The alias '${path.name}' is in use.`);
};

/** A pairing of a primary with an endpoint fails where the secondary has none (learn.microsoft.com/azure/service-bus-messaging/service-bus-geo-dr#private-endpoints). */
const secondaryHasEndpoint: WriteRule = ({ arm, path, body }) => {
  const partner = partnerIn(body);
  if (endpointsOf(arm, path.parent).length === 0 || endpointsOf(arm, partner).some(isDone)) return;
  throw badRequest(
    "BadRequest",
    `The primary namespace '${nameIn(path.parent)}' has a private endpoint and the secondary namespace '${nameIn(partner)}' has none: create one on the secondary before the pairing.`,
  );
};

/** As either side shows it, with its role. */
function documentsOf({ azure }: Arm, { alias, primaryId, partnerId, settledAt }: Pairing): ArmDocument[] {
  const shown = (at: string, role: string, partner: string): ArmDocument => ({
    id: `${azure.namespaces.get(at)?.id ?? at}/disasterRecoveryConfigs/${alias}`,
    name: alias,
    type: CONFIGS,
    properties: {
      role,
      partnerNamespace: partner,
      provisioningState: settledAt !== undefined && Date.now() < settledAt ? "Accepted" : "Succeeded",
      pendingReplicationOperationsCount: 0,
    },
  });
  const idOf = (id: string) => azure.namespaces.get(id)?.id ?? id;
  if (partnerId === undefined) return [shown(primaryId, "PrimaryNotReplicating", "")];
  return [shown(primaryId, "Primary", idOf(partnerId)), shown(partnerId, "Secondary", idOf(primaryId))];
}

/** A safe failover waits until the primary's changes are replicated: a primary that is down replicates nothing. */
function refuseUnsafe({ arm: { azure }, path, body }: Action): void {
  const primaryId = azure.pairing(path.name)?.primaryId ?? "";
  if (propertiesOf(body).isSafeFailover !== true || !azure.outages.has(primaryId.toLowerCase())) return;
  throw conflict(
    "Conflict",
    `The safe failover of '${path.name}' cannot be completed: replication from '${nameIn(primaryId)}' does not make progress.`,
  );
}

const isPrimary = ({ document }: Action) => propertiesOf(document).role !== "Secondary";

const disasterRecoveryConfigs: ResourceType = {
  type: CONFIGS,
  naming: {
    pattern: /^[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]$/,
    code: "BadRequest",
    says: "6 to 50 letters, digits and hyphens, a letter first, a letter or digit last",
  },
  created: 200,
  pending: "Accepted",
  rules: [
    partnerExists,
    bothPremium,
    inTwoRegions,
    likePartitions,
    aliasIsFree,
    neitherIsPaired,
    secondaryIsEmpty,
    secondaryHasEndpoint,
  ],
  removalRules: [
    ({ document }) => {
      if (propertiesOf(document).role === "PrimaryNotReplicating") return;
      throw badRequest(
        "BadRequest",
        `The alias '${document.name}' cannot be deleted while it is paired: break the pairing first.`,
      );
    },
  ],
  backing: {
    all: (arm) => arm.azure.aliases().flatMap((pairing) => documentsOf(arm, pairing)),
    put: ({ azure }, document) => {
      const primaryId = document.id.replace(/\/disasterRecoveryConfigs\/[^/]+$/i, "");
      const partnerId = partnerIn(document);
      if (azure.pairing(document.name)?.partnerId?.toLowerCase() === partnerId.toLowerCase()) return;
      azure.pair({ alias: document.name, primaryId, ...(partnerId === "" ? {} : { partnerId }) });
    },
    remove: ({ azure }, { name }) => {
      azure.removeAlias(name);
    },
  },
  actions: {
    checknameavailability: ({ arm, body }) => availability(arm, stringOf(body, "name") ?? ""),
    breakpairing: (action) => {
      if (!isPrimary(action)) throw badRequest("BadRequest", "A pairing is broken on its primary namespace.");
      action.arm.azure.breakPairing(action.path.name);
      return undefined;
    },
    /** It is asked of the secondary, which becomes the primary. */
    failover: (action) => {
      if (isPrimary(action)) {
        throw badRequest(
          "BadRequest",
          `Failover of '${action.path.name}' must be initiated on the secondary namespace; '${nameIn(action.path.parent)}' is not.`,
        );
      }
      refuseUnsafe(action);
      action.arm.azure.failOver(action.path.name);
      return undefined;
    },
  },
};

export const GEO_PAIRS: readonly ResourceType[] = [disasterRecoveryConfigs];
