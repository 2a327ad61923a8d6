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
  why: "Azure refuses to peer a network while one of its subnets is being put: at a first apply, now and then, ReferencedResourceNotProvisioned.",
  check: (stacks) =>
    peeringsIn(stacks).flatMap(({ resource }) => {
      const before = comesAfter(resource);
      return all([resource.stack], ...PARTS)
        .filter(({ address }) => !before.has(address))
        .map(({ address }) => `${placeOf(resource)} does not wait for ${address}`);
    }),
};
