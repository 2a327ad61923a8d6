import { armId } from "../../synthesized/arm-id";
import { all, placeOf } from "../../synthesized/resources";
import { forwardersIn } from "../../synthesized/views/forwarder";
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
    const links = zoneLinksIn(stacks);
    const wrong = links
      .filter(({ networkId }) => !hubs.has(networkId))
      .map(({ resource, networkId }) => {
        const network = networks.get(networkId);
        return `${placeOf(resource)} is linked to ${network?.name ?? networkId}, not to the forwarders' hub`;
      });
    const unlinked = all(stacks, "azurerm_private_dns_zone")
      .filter((zone) => !links.some(({ zoneId }) => zoneId === armId(zone)))
      .map((zone) => `${placeOf(zone)} is linked to no VNet`);
    const spokesOnAzureDns = subnetsIn(stacks)
      .filter(({ isDelegated, networkId }) => isDelegated && networks.get(networkId)?.dnsServers.length === 0)
      .map(({ resource }) => `${placeOf(resource)} is in a VNet that does not ask the forwarders`);
    return [...wrong, ...unlinked, ...spokesOnAzureDns];
  },
};
