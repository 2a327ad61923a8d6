import type { ServiceBusManagementClient } from "@azure/arm-servicebus";
import { isMissing, type NamespaceName, type Read, read } from "./service-bus-management";

/** Geo-DR's roles (learn.microsoft.com/rest/api/servicebus/controlplane-stable/disaster-recovery-configs/get). */
export type PairRole = "Primary" | "PrimaryNotReplicating" | "Secondary";

/** A Geo-DR alias, as one of its namespaces shows it. */
export interface PairState {
  readonly role: PairRole;
  /** The partner's name; none: the namespace is alone. */
  readonly partner?: string;
  /** `Succeeded`; `Accepted` while a change is under way. */
  readonly provisioning: string;
  readonly pendingReplications: number;
}

/** What a namespace shows of an alias; nothing where the alias is not its. */
export async function pairStateOf(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
  alias: string,
): Promise<Read<PairState | undefined>> {
  return await read(async () => {
    try {
      const { role, partnerNamespace, provisioningState, pendingReplicationOperationsCount } =
        await bus.disasterRecoveryConfigs.get(resourceGroup, namespace, alias);
      const partner = partnerNamespace?.split("/").at(-1) ?? "";
      if (role === undefined) throw new Error(`Azure shows no role of ${namespace} in ${alias}`);
      return {
        role,
        ...(partner === "" ? {} : { partner }),
        provisioning: provisioningState ?? "unknown",
        pendingReplications: pendingReplicationOperationsCount ?? 0,
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  });
}

/** The state of each private endpoint that leads to a namespace, by the endpoint's name. */
export async function endpointStatesOf(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
): Promise<Read<ReadonlyMap<string, string>>> {
  return await read(async () => {
    const states = new Map<string, string>();
    for await (const connection of bus.privateEndpointConnections.list(resourceGroup, namespace)) {
      const { name, privateEndpoint, privateLinkServiceConnectionState: state } = connection;
      states.set(privateEndpoint?.id?.split("/").at(-1) ?? name ?? "", state?.status ?? "unknown");
    }
    return states;
  });
}

/**
 * Makes a namespace the secondary of an alias. Azure replicates the primary's entities to it, which has to be empty.
 *
 * @param partnerId the secondary's ARM id
 */
export async function pair(
  bus: ServiceBusManagementClient,
  { resourceGroup, namespace }: NamespaceName,
  alias: string,
  partnerId: string,
): Promise<void> {
  await bus.disasterRecoveryConfigs.createOrUpdate(resourceGroup, namespace, alias, { partnerNamespace: partnerId });
}
