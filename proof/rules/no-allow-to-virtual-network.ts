import { all, blocks, placeOf, strings } from "../../synthesized/resources";
import type { Rule } from "../rule";

export const noAllowToVirtualNetwork: Rule = {
  name: "no-allow-to-virtual-network",
  why: "VirtualNetwork includes every prefix of the subnet's routes: with a route for 0.0.0.0/0 it may mean the whole Internet.",
  check: (stacks) =>
    all(stacks, "azurerm_network_security_group").flatMap((group) => {
      const rules = blocks(group.block, "security_rule");
      const wide = rules
        .filter(({ access }) => access === "Allow")
        .filter((rule) =>
          [...strings(rule, "destination_address_prefix"), ...strings(rule, "destination_address_prefixes")].some(
            (prefix) => ["VirtualNetwork", "*", "0.0.0.0/0"].includes(prefix),
          ),
        )
        .map(({ name }) => `${placeOf(group)}: ${String(name)} allows to everything that VirtualNetwork may mean`);
      const open = (["Inbound", "Outbound"] as const)
        .filter(
          (direction) =>
            !rules.some(
              (rule) =>
                rule.direction === direction &&
                rule.access === "Deny" &&
                rule.destination_address_prefix === "*" &&
                rule.source_address_prefix === "*",
            ),
        )
        .map(
          (direction) =>
            `${placeOf(group)} leaves the rest ${direction.toLowerCase()} to Azure's defaults, which allow VirtualNetwork`,
        );
      return [...wide, ...open];
    }),
};
