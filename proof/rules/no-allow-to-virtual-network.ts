import { EVERYWHERE } from "../../azure-facts/service-tags";
import { all, isSame, placeOf } from "../../synthesized/resources";
import { securityRulesIn } from "../../synthesized/views/security-rule";
import type { ProofRule } from "../proof-rule";

/** Internet is no wildcard here: a rule that allows it names hosts in its description, and the route leads to the firewall. */
const WIDE = EVERYWHERE.filter((prefix) => prefix !== "Internet");

export const noAllowToVirtualNetwork: ProofRule = {
  name: "no-allow-to-virtual-network",
  why: "VirtualNetwork includes every prefix of the subnet's routes: with a route for 0.0.0.0/0 it may mean the whole Internet.",
  check: (stacks) => {
    const rules = securityRulesIn(stacks);
    return all(stacks, "azurerm_network_security_group").flatMap((group) => {
      const own = rules.filter(({ resource }) => isSame(resource, group));
      const wide = own
        .filter(
          ({ access, destinations }) => access === "Allow" && destinations.some((prefix) => WIDE.includes(prefix)),
        )
        .map(({ name }) => `${placeOf(group)}: ${name} allows to everything that VirtualNetwork may mean`);
      const open = (["Inbound", "Outbound"] as const)
        .filter(
          (direction) =>
            !own.some(
              (rule) =>
                rule.direction === direction &&
                rule.access === "Deny" &&
                rule.destinations.includes("*") &&
                rule.sources.includes("*"),
            ),
        )
        .map(
          (direction) =>
            `${placeOf(group)} leaves the rest ${direction.toLowerCase()} to Azure's defaults, which allow VirtualNetwork`,
        );
      return [...wide, ...open];
    });
  },
};
