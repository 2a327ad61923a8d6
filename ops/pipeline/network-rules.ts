import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { all, blocks, strings, textOf } from "../../synthesized/resources";

/** Every flow that a security group or the firewall allows, a line each: what a reviewer wants to see change, or not. */
export function networkRulesIn(stacks: readonly SynthesizedStack[]): string[] {
  const groups = all(stacks, "azurerm_network_security_group").flatMap((group) =>
    blocks(group.block, "security_rule")
      .filter(({ access }) => access === "Allow")
      .map((rule) => {
        const of = (one: string, many: string) => listed(rule, one, many);
        const from = of("source_address_prefix", "source_address_prefixes");
        const to = of("destination_address_prefix", "destination_address_prefixes");
        const ports = of("destination_port_range", "destination_port_ranges");
        return `${group.stack.name}: ${textOf(group, "name")} ${String(rule.direction).toLowerCase()} ${from} -> ${to} ${String(rule.protocol).toLowerCase()} ${ports}`;
      }),
  );
  const firewall = all(stacks, "azurerm_firewall_policy_rule_collection_group").flatMap((group) =>
    [...blocks(group.block, "application_rule_collection"), ...blocks(group.block, "network_rule_collection")].flatMap(
      (collection) =>
        blocks(collection, "rule").map((rule) => {
          const to = [...strings(rule, "destination_fqdns"), ...strings(rule, "destination_addresses")].join(", ");
          const ports = [
            ...blocks(rule, "protocols").map(({ port }) => String(port)),
            ...strings(rule, "destination_ports"),
          ].filter((port) => port !== "undefined");
          return `${group.stack.name}: firewall ${strings(rule, "source_addresses").join(", ")} -> ${to} ${ports.join(", ")}`;
        }),
    ),
  );
  return [...groups, ...firewall].sort();
}

function listed(rule: Readonly<Record<string, unknown>>, one: string, many: string): string {
  return [...strings(rule, one), ...strings(rule, many)].join(", ");
}
