import { all, comesAfter, placeOf } from "../../synthesized/resources";
import type { Rule } from "../rule";

const PARTS = [
  "azurerm_subnet",
  "azurerm_subnet_network_security_group_association",
  "azurerm_subnet_route_table_association",
];

export const peeringsWaitForSubnets: Rule = {
  name: "peerings-wait-for-subnets",
  why: "Azure refuses to peer a network of which a subnet is still being put: ReferencedResourceNotProvisioned, now and then, at a first apply.",
  check: (stacks) =>
    all(stacks, "azurerm_virtual_network_peering").flatMap((peering) => {
      const before = comesAfter(peering);
      return all([peering.stack], ...PARTS)
        .filter(({ type, id }) => !before.has(`${type}.${id}`))
        .map(({ type, id }) => `${placeOf(peering)} does not wait for ${type}.${id}`);
    }),
};
