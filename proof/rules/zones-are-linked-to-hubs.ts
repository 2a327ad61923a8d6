import { all, blocks, placeOf, referred } from "../../synthesized/resources";
import type { Rule } from "../rule";

/** The forwarders' VNet is the one whose zone links count: the spokes never ask Azure's resolver themselves. */
export const zonesAreLinkedToHubs: Rule = {
  name: "zones-are-linked-to-hubs",
  why: "A zone linked to another VNet answers nobody: names resolve to public addresses, which are closed.",
  check: (stacks) => {
    const hubs = new Map(
      all(stacks, "azurerm_linux_virtual_machine").map(({ stack }) => {
        const asking = all([stack], "azurerm_virtual_network").filter(({ block }) => block.dns_servers === undefined);
        return [stack.name, new Set(asking.map(({ id }) => id))];
      }),
    );
    const links = all(stacks, "azurerm_private_dns_zone_virtual_network_link");
    const wrong = links.flatMap((link) => {
      const vnet = referred(link, link.block.virtual_network_id);
      return vnet && hubs.get(link.stack.name)?.has(vnet.id)
        ? []
        : [`${placeOf(link)} is linked to ${vnet?.id ?? "another stack's VNet"}, not to the forwarders' hub`];
    });
    const unlinked = all(stacks, "azurerm_private_dns_zone")
      .filter(
        (zone) =>
          !links.some(
            (link) => link.stack === zone.stack && referred(link, link.block.private_dns_zone_name)?.id === zone.id,
          ),
      )
      .map((zone) => `${placeOf(zone)} is linked to no VNet`);
    const spokesOnAzureDns = all(stacks, "azurerm_subnet")
      .filter((subnet) => blocks(subnet.block, "delegation").length > 0)
      .filter((subnet) => referred(subnet, subnet.block.virtual_network_name)?.block.dns_servers === undefined)
      .map((subnet) => `${placeOf(subnet)} is in a VNet that does not ask the forwarders`);
    return [...wrong, ...unlinked, ...spokesOnAzureDns];
  },
};
