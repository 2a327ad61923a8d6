import { armId } from "../../synthesized/arm-id";
import { all, placeOf } from "../../synthesized/resources";
import { forwardersIn } from "../../synthesized/views/forwarder";
import { existingHubsIn } from "../../synthesized/views/existing-hub";
import { subnetsIn } from "../../synthesized/views/subnet";
import { virtualNetworksIn } from "../../synthesized/views/virtual-network";
import { zoneLinksIn } from "../../synthesized/views/zone-link";
import type { ProofRule } from "../proof-rule";

/** The links that count are those of the forwarders' VNet, which asks Azure's resolver: spokes never do. */
export const zonesAreLinkedToHubs: ProofRule = {
  name: "zones-are-linked-to-hubs",
  why: "A zone that is linked to another VNet has no effect: names resolve to public addresses, which are closed.",
  check: (stacks) => {
    const networks = new Map(virtualNetworksIn(stacks).map((network) => [network.id, network]));
    const hubs = new Set(
      forwardersIn(stacks)
        .map(({ networkId }) => networkId)
        .filter((id) => networks.get(id)?.dnsServers.length === 0),
    );
    const zones = all(stacks, "azurerm_private_dns_zone");
    const stackOfZone = new Map(zones.map((zone) => [armId(zone), zone.stack]));
    const links = zoneLinksIn(stacks);
    // A zone is for one region, whose hub is made by the same stack.
    const wrong = links
      .filter(
        ({ networkId, zoneId }) =>
          !hubs.has(networkId) || networks.get(networkId)?.resource.stack !== stackOfZone.get(zoneId),
      )
      .map(({ resource, networkId }) => {
        const network = networks.get(networkId);
        const place = network ? `${network.name} of ${network.resource.stack.name}` : networkId;
        return `${placeOf(resource)} is linked to ${place}, not to the hub of its region's forwarders`;
      });
    // The owner of an existing hub links them: npm run owners.
    const others = new Set(existingHubsIn(stacks).flatMap(({ zoneIds }) => zoneIds.map((id) => id.toLowerCase())));
    const unlinked = zones
      .filter((zone) => !others.has(armId(zone)) && !links.some(({ zoneId }) => zoneId === armId(zone)))
      .map((zone) => `${placeOf(zone)} is linked to no VNet`);
    const spokesOnAzureDns = subnetsIn(stacks)
      .filter(({ isDelegated, networkId }) => isDelegated && networks.get(networkId)?.dnsServers.length === 0)
      .map(({ resource }) => `${placeOf(resource)} is in a VNet that does not ask the forwarders`);
    return [...wrong, ...unlinked, ...spokesOnAzureDns];
  },
};
