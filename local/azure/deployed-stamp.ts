import { networkOf } from "../../azure-facts/arm-ids";
import type { Azure, FunctionApp, Namespace } from "./azure";

/** A stamp as it is deployed: the namespaces that belong together, and the apps that reach them. */
export interface DeployedStamp {
  /** The alias, else the primary's name. */
  readonly name: string;
  /** None: there is no pairing, and never was one that the model knows. */
  readonly alias?: string;
  /** The namespace that has the entities. */
  readonly primary: Namespace;
  /** The paired secondary. After a failover there is none. */
  readonly secondary?: Namespace;
  /** In the order of their regions' names; both, after a failover too. */
  readonly namespaces: readonly Namespace[];
  /** By ARM id, in lower case: the networks that have an endpoint of one of the namespaces, or an app with a role on it. */
  readonly networkIds: ReadonlySet<string>;
}

/**
 * The stamps of an Azure. Namespaces belong together that are paired, that have private endpoints in the same network, or on which apps of the same network have a role: a
 * stamp's apps send to each of its namespaces, and to none of another's.
 */
export function stampsIn(azure: Azure): DeployedStamp[] {
  const groups: { ids: Set<string>; networkIds: Set<string> }[] = azure.namespaces.all().map(({ id }) => ({
    ids: new Set([id.toLowerCase()]),
    networkIds: new Set(
      [
        ...azure.endpoints.all().filter(({ targetId }) => targetId.toLowerCase() === id.toLowerCase()),
        ...azure.apps.all().filter((app) => hasRoleOn(azure, app, id)),
      ].flatMap(({ subnetId }) => (subnetId === undefined ? [] : [networkOf(subnetId).toLowerCase()])),
    ),
  }));
  const paired = azure
    .aliases()
    .map(({ primaryId, partnerId = primaryId }) => [primaryId.toLowerCase(), partnerId.toLowerCase()]);
  const joined: typeof groups = [];
  for (const group of groups) {
    const same = joined.filter(
      (other) =>
        [...group.networkIds].some((id) => other.networkIds.has(id)) ||
        paired.some((pair) => pair.some((id) => group.ids.has(id)) && pair.some((id) => other.ids.has(id))),
    );
    for (const other of same) {
      for (const id of other.ids) group.ids.add(id);
      for (const id of other.networkIds) group.networkIds.add(id);
      joined.splice(joined.indexOf(other), 1);
    }
    joined.push(group);
  }
  return joined
    .map(({ ids, networkIds }) => stampOf(azure, ids, networkIds))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function stampOf(azure: Azure, ids: ReadonlySet<string>, networkIds: ReadonlySet<string>): DeployedStamp {
  const namespaces = azure.namespaces
    .all()
    .filter(({ id }) => ids.has(id.toLowerCase()))
    .sort((one, other) => (one.location < other.location ? -1 : 1));
  const pairing = azure.aliases().find(({ primaryId }) => ids.has(primaryId.toLowerCase()));
  const primary =
    (pairing && azure.namespaces.get(pairing.primaryId)) ??
    namespaces.find(({ id }) => hasEntities(azure, id)) ??
    namespaces[0];
  if (!primary) throw new Error("A stamp has no namespace.");
  const secondary = pairing?.partnerId === undefined ? undefined : azure.namespaces.get(pairing.partnerId);
  return {
    name: pairing?.alias ?? primary.name,
    ...(pairing ? { alias: pairing.alias } : {}),
    primary,
    ...(secondary ? { secondary } : {}),
    namespaces,
    networkIds,
  };
}

/** Whether an app is in one of the stamp's networks. */
export function isInStamp({ networkIds }: DeployedStamp, { subnetId }: Pick<FunctionApp, "subnetId">): boolean {
  return subnetId !== undefined && networkIds.has(networkOf(subnetId).toLowerCase());
}

function hasEntities(azure: Azure, namespaceId: string): boolean {
  const { queues, topics } = azure.entitiesOf(namespaceId);
  return queues.length + topics.length > 0;
}

function hasRoleOn(azure: Azure, { identityIds }: FunctionApp, namespaceId: string): boolean {
  const principals = identityIds.flatMap((id) => azure.identities.get(id)?.principalId ?? []);
  return azure.roleAssignments
    .all()
    .some(
      ({ principalId, scope }) => principals.includes(principalId) && scope.toLowerCase() === namespaceId.toLowerCase(),
    );
}
