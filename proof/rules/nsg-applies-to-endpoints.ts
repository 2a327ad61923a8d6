import { armId } from "../../synthesized/arm-id";
import { all, placeOf, referred } from "../../synthesized/resources";
import type { Rule } from "../rule";

export const nsgAppliesToEndpoints: Rule = {
  name: "nsg-applies-to-endpoints",
  why: "Azure accepts an NSG on a subnet of private endpoints and ignores it, unless the subnet's network policies are on.",
  check: (stacks) => {
    const used = new Set(
      all(stacks, "azurerm_private_endpoint").map(({ block }) => String(block.subnet_id).toLowerCase()),
    );
    const associations = all(stacks, "azurerm_subnet_network_security_group_association");
    return all(stacks, "azurerm_subnet")
      .filter((subnet) => used.has(armId(subnet)))
      .flatMap((subnet) => {
        const policies = String(subnet.block.private_endpoint_network_policies);
        const guarded = associations.some(
          (association) =>
            association.stack === subnet.stack && referred(association, association.block.subnet_id)?.id === subnet.id,
        );
        return [
          ...(["NetworkSecurityGroupEnabled", "Enabled"].includes(policies)
            ? []
            : [`${placeOf(subnet)} has private endpoints, and its network policies are off`]),
          ...(guarded ? [] : [`${placeOf(subnet)} has private endpoints and no NSG`]),
        ];
      });
  },
};
