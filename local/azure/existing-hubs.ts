import { PRIVATE_LINK } from "../../azure-facts/private-link";
import { type ExistingHub, existingHubsIn } from "../../synthesized/views/existing-hub";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { contains } from "../../topology/cidr";
import type { Azure } from "./azure";

/**
 * Puts hubs that exist, as the topology declares them, with what their owner has to do done: the peering from the hub's side and the zones' links. What is declared decides the
 * rest: a range that the DNS servers do not serve gets no answer, and a host that the filter does not allow is not reached.
 */
export function putExistingHubs(azure: Azure, stacks: readonly SynthesizedStack[]): void {
  for (const hub of existingHubsIn(stacks)) {
    putHub(azure, hub);
    putOwnersPart(azure, hub);
  }
}

/** The hub itself, before anything of the topology is there. */
export function putHub(azure: Azure, { networkId, spokeId, filter, dns, dnsClients }: ExistingHub): void {
  const known = azure.networks.get(networkId);
  azure.networks.put({ ...known, id: networkId, dnsServers: known?.dnsServers ?? [], allowsHosts: filter.allowsHosts });
  const isServed = dnsClients.every((client) => dns.serves.some((range) => contains(range, client)));
  if (!isServed) return;
  azure.forwarders.put({
    id: `${networkId}/dns-servers-for/${spokeId}`,
    networkId,
    addresses: dns.servers,
    answersFor: [spokeId],
  });
}

/** What the owner adds once the spoke and its zones are there. */
export function putOwnersPart(azure: Azure, { networkId, spokeId, zoneIds }: ExistingHub): void {
  azure.peerings.put({ id: `${networkId}/virtualNetworkPeerings/${lastOf(spokeId)}`, networkId, remoteId: spokeId });
  for (const zoneId of zoneIds) {
    const zone = lastOf(zoneId).toLowerCase();
    azure.zoneLinks.put({
      id: `${zoneId}/virtualNetworkLinks/${lastOf(networkId)}`,
      zoneId,
      zone,
      networkId,
      redirects: zone !== PRIVATE_LINK.serviceBus.zone,
    });
  }
}

function lastOf(armId: string): string {
  return armId.slice(armId.lastIndexOf("/") + 1);
}
