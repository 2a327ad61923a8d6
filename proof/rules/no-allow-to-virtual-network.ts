import { EVERYWHERE } from "../../azure-facts/service-tags";
import { all, isSame, placeOf } from "../../synthesized/resources";
import { type SecurityRule, securityRulesIn } from "../../synthesized/views/security-rule";
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
        .filter(({ access }) => access === "Allow")
        .flatMap(({ name, direction, sources, destinations }) => [
          // What comes in goes to the subnet's own hosts, however the rule names them.
          ...(direction === "Outbound" && destinations.some((prefix) => WIDE.includes(prefix))
            ? [`${name} allows a destination`]
            : []),
          ...(direction === "Inbound" && sources.some((prefix) => EVERYWHERE.includes(prefix))
            ? [`${name} allows a source`]
            : []),
        ])
        .map((allows) => `${placeOf(group)}: ${allows} that may include the whole Internet`);
      const open = (["Inbound", "Outbound"] as const)
        .filter((direction) => !endsWithDeny(own.filter((rule) => rule.direction === direction)))
        .map(
          (direction) =>
            `${placeOf(group)} leaves the rest ${direction.toLowerCase()} to Azure's defaults, which allow VirtualNetwork`,
        );
      return [...wide, ...open];
    });
  },
};

/** Whether the rule that is evaluated last denies everything. */
function endsWithDeny(rules: readonly SecurityRule[]): boolean {
  const [last] = [...rules].sort((one, other) => other.priority - one.priority);
  return (
    last?.access === "Deny" &&
    last.protocol === "*" &&
    [last.ports, last.destinations, last.sources].every((values) => values.includes("*"))
  );
}
