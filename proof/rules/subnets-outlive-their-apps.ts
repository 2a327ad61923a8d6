import { armId } from "../../synthesized/arm-id";
import { all, blocks, placeOf, stacksBefore } from "../../synthesized/resources";
import type { Rule } from "../rule";

/** What stands in another stack's subnet is made after it, and so destroyed before it; apps integrate only with a delegated subnet. */
export const subnetsOutliveTheirApps: Rule = {
  name: "subnets-outlive-their-apps",
  why: "Azure refuses to delete a subnet while an app's link or an endpoint is in it: a teardown in another order hangs and fails.",
  check: (stacks) => {
    const subnets = new Map(all(stacks, "azurerm_subnet").map((subnet) => [armId(subnet), subnet]));
    return all(stacks, "azurerm_windows_function_app", "azurerm_private_endpoint").flatMap((user) => {
      const isApp = user.type === "azurerm_windows_function_app";
      const id = String(isApp ? user.block.virtual_network_subnet_id : user.block.subnet_id).toLowerCase();
      const subnet = subnets.get(id);
      if (!subnet) return [`${placeOf(user)} is in ${id}, which no stack makes`];
      const delegated = blocks(subnet.block, "delegation").length > 0;
      return [
        ...(stacksBefore(stacks, user.stack.name).has(subnet.stack.name)
          ? []
          : [`${placeOf(user)} is not ordered behind ${subnet.stack.name}, whose subnet it uses`]),
        ...(delegated === isApp
          ? []
          : [`${placeOf(user)} is in ${subnet.id}, which is ${delegated ? "" : "not "}delegated to App Service`]),
      ];
    });
  },
};
