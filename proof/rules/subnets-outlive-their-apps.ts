import { stacksBefore } from "../../synthesized/order";
import { placeOf } from "../../synthesized/resources";
import { appsIn } from "../../synthesized/views/app";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { subnetsIn } from "../../synthesized/views/subnet";
import type { ProofRule } from "../proof-rule";

/** What is in another stack's subnet is made after it, and so destroyed before it; apps integrate only with a delegated subnet. */
export const subnetsOutliveTheirApps: ProofRule = {
  name: "subnets-outlive-their-apps",
  why: "Azure refuses to delete a subnet while an app's link or an endpoint is in it: a teardown in another order hangs and fails.",
  check: (stacks) => {
    const subnets = new Map(subnetsIn(stacks).map((subnet) => [subnet.id, subnet]));
    const users = [
      ...appsIn(stacks).map(({ resource, subnetId = "no subnet" }) => ({ resource, subnetId, isApp: true })),
      ...privateEndpointsIn(stacks).map(({ resource, subnetId }) => ({ resource, subnetId, isApp: false })),
    ];
    return users.flatMap(({ resource, subnetId, isApp }) => {
      const subnet = subnets.get(subnetId);
      if (!subnet) return [`${placeOf(resource)} is in ${subnetId}, which no stack makes`];
      const { stack, id } = subnet.resource;
      return [
        ...(stacksBefore(stacks, resource.stack.name).has(stack.name)
          ? []
          : [`${placeOf(resource)} does not depend on ${stack.name}, whose subnet it uses`]),
        ...(subnet.isDelegated === isApp
          ? []
          : [`${placeOf(resource)} is in ${id}, which is ${subnet.isDelegated ? "" : "not "}delegated to App Service`]),
      ];
    });
  },
};
