import { nameIn, typeIn } from "../../azure-facts/arm-ids";
import { servicesOf } from "../../azure-facts/private-link";
import { type ExistingHub, existingHubsIn } from "../../synthesized/views/existing-hub";
import { type ExistingZones, existingZonesIn } from "../../synthesized/views/existing-zones";
import { foreignTargetsIn } from "../../synthesized/views/private-endpoint";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { contains } from "../../topology/cidr";
import { redirects } from "../../topology/zones";
import type { Azure } from "./azure";

/**
 * Puts hubs and zones that exist, as the topology declares them, with what their owners have to do done: the peering from the hub's side, the zones' links and records. What is
 * declared decides the rest: a range that the DNS servers do not serve gets no answer, and a host or a network that the filter does not let through is not reached.
 */
export function putExisting(azure: Azure, stacks: readonly SynthesizedStack[]): void {
  for (const hub of existingHubsIn(stacks)) {
    putHub(azure, hub);
    putOwnersPart(azure, hub);
  }
  for (const zones of existingZonesIn(stacks)) putZones(azure, zones);
}

/** The hub itself, before anything of the topology is there. */
export function putHub(azure: Azure, { networkId, spokeId, filter, dns, dnsClients, routesTo }: ExistingHub): void {
  const known = azure.networks.get(networkId);
  azure.networks.put({
    ...known,
    id: networkId,
    dnsServers: known?.dnsServers ?? [],
    // One hub may serve both spokes.
    routesTo: [...(known?.routesTo ?? []), ...routesTo],
  });
  azure.filters.put({ id: `${networkId} ${spokeId}`, spokeId, allowsHosts: filter.allowsHosts });
  const isServed = dnsClients.every((client) => dns.serves.some((range) => contains(range, client)));
  if (!isServed) return;
  azure.forwarders.put({
    id: `${networkId}/dns-servers-for/${spokeId}`,
    networkId,
    addresses: dns.servers,
    answersFor: [spokeId],
  });
}

/** What a hub's owner adds once the spoke and its zones are there. */
export function putOwnersPart(azure: Azure, { networkId, spokeId, zoneIds }: ExistingHub): void {
  azure.peerings.put({ id: `${networkId}/virtualNetworkPeerings/to ${spokeId}`, networkId, remoteId: spokeId });
  for (const zoneId of zoneIds) putLink(azure, zoneId, networkId);
}

/** Services of the user's own, which endpoints lead to and no stack makes: they are there, and do nothing. */
export function putServices(azure: Azure, stacks: readonly SynthesizedStack[]): void {
  for (const id of foreignTargetsIn(stacks)) {
    const [service] = servicesOf(typeIn(id));
    if (!service) continue;
    const properties = { provisioningState: "Succeeded" };
    azure.documents.put({ id, name: nameIn(id), type: service.type, location: "eastus2", properties });
  }
}

/** What the zones' owner adds. */
function putZones(azure: Azure, { networkId, zoneIds, records }: ExistingZones): void {
  for (const zoneId of zoneIds) putLink(azure, zoneId, networkId);
  for (const { zone, label, addresses } of records) {
    const zoneId = zoneIds.find((id) => nameIn(id) === zone);
    if (zoneId !== undefined) azure.records.put({ id: `${zoneId}/A/${label}`, zoneId, label, addresses });
  }
}

function putLink(azure: Azure, zoneId: string, networkId: string): void {
  const zone = nameIn(zoneId).toLowerCase();
  const id = `${zoneId}/virtualNetworkLinks/to ${networkId}`;
  azure.zoneLinks.put({ id, zoneId, zone, networkId, redirects: redirects(zone) });
}
