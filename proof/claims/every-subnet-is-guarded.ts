import { groupIn } from "../../azure-facts/arm-ids";
import type { GeneralClaim } from "../claim";
import { isForHosts } from "../reach/place";

/** Each subnet with hosts, apps or endpoints has a security group of its own and a route table, and its endpoints obey the group. */
export const everySubnetIsGuarded: GeneralClaim = {
  name: "every-subnet-is-guarded",
  why: "Without a security group everything in the networks that are connected reaches the subnet; without a route table what it sends leaves past the firewall.",
  needs: "stacks",
  check: ({ model, reach }) =>
    model.subnets
      .filter((subnet) => isForHosts(subnet) || subnet.delegation !== undefined)
      .flatMap((subnet) => {
        const place = `${subnet.name} in ${groupIn(subnet.id)}`;
        const holdsEndpoints = reach.lookup.endpointsIn(subnet.id).length > 0;
        const lacks = [
          ...(subnet.securityGroupId === undefined ? ["has no security group"] : []),
          ...(subnet.routeTableId === undefined ? ["has no route table"] : []),
          ...(holdsEndpoints && !subnet.endpointPolicies.securityGroup
            ? ["has private endpoints, which its security group does not apply to"]
            : []),
          ...(subnet.hasDefaultOutbound ? ["lets hosts without a public address out to the Internet by itself"] : []),
        ];
        return lacks.map((lack) => ({ what: `${place} ${lack}`, origin: subnet.origin }));
      }),
};
