import { comesAfter } from "../../synthesized/order";
import { all, placeOf } from "../../synthesized/resources";
import { peeringsIn } from "../../synthesized/views/peering";
import type { ProofRule } from "../proof-rule";

const PARTS = [
  "azurerm_subnet",
  "azurerm_subnet_network_security_group_association",
  "azurerm_subnet_route_table_association",
];

export const peeringsWaitForSubnets: ProofRule = {
  name: "peerings-wait-for-subnets",
  why: "Azure sometimes refuses a peering with ReferencedResourceNotProvisioned while it still updates a subnet of the network.",
  check: (stacks) =>
    peeringsIn(stacks).flatMap(({ resource }) => {
      const before = comesAfter(resource);
      return all([resource.stack], ...PARTS)
        .filter(({ address }) => !before.has(address))
        .map(({ address }) => `${placeOf(resource)} does not wait for ${address}`);
    }),
};
