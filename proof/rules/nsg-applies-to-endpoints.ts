import { placeOf } from "../../synthesized/resources";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { hasSecurityGroup, subnetsIn } from "../../synthesized/views/subnet";
import type { ProofRule } from "../proof-rule";

export const nsgAppliesToEndpoints: ProofRule = {
  name: "nsg-applies-to-endpoints",
  why: "Azure accepts an NSG on a subnet of private endpoints and ignores it, unless the subnet's network policies are on.",
  check: (stacks) => {
    const used = new Set(privateEndpointsIn(stacks).map(({ subnetId }) => subnetId));
    return subnetsIn(stacks)
      .filter(({ id }) => used.has(id))
      .flatMap((subnet) => [
        ...(["NetworkSecurityGroupEnabled", "Enabled"].includes(subnet.privateEndpointPolicies)
          ? []
          : [`${placeOf(subnet.resource)} has private endpoints, and its network policies are off`]),
        ...(hasSecurityGroup(subnet) ? [] : [`${placeOf(subnet.resource)} has private endpoints and no NSG`]),
      ]);
  },
};
