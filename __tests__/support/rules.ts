import type { Block, SynthesizedStack } from "../../synthesized/cdktf-out";
import { only } from "./build";

interface SecurityRule {
  readonly name: string;
  readonly direction: "Inbound" | "Outbound";
  readonly access: string;
  readonly priority: number;
  readonly protocol: string;
  readonly source_address_prefix: string | null;
  readonly source_address_prefixes: string[] | null;
  readonly destination_address_prefix: string | null;
  readonly destination_address_prefixes: string[] | null;
  readonly destination_port_range: string;
}

/** What an NSG allows one way, as `from -> to:port/protocol`. */
export function allowed(stack: SynthesizedStack, nsg: string, direction: "Inbound" | "Outbound"): string[] {
  return (only(stack, "azurerm_network_security_group", nsg).security_rule as SecurityRule[])
    .filter((rule) => rule.direction === direction && rule.access === "Allow")
    .map((rule) => {
      const from = [rule.source_address_prefix, ...(rule.source_address_prefixes ?? [])].filter(Boolean).join(",");
      const to = [rule.destination_address_prefix, ...(rule.destination_address_prefixes ?? [])]
        .filter(Boolean)
        .join(",");
      return `${from} -> ${to}:${rule.destination_port_range}/${rule.protocol}`;
    });
}

/** What the firewall lets through by name, as `from -> host:port`. */
export function hostsThroughFirewall(stack: SynthesizedStack): string[] {
  return rules(stack, "application_rule_collection").flatMap((rule) =>
    (rule.destination_fqdns as string[]).flatMap((host) =>
      (rule.protocols as { port: number }[]).map(
        ({ port }) => `${(rule.source_addresses as string[]).join(",")} -> ${host}:${port}`,
      ),
    ),
  );
}

/** What the firewall lets through by address, as `from -> to:ports/protocols`. */
export function addressesThroughFirewall(stack: SynthesizedStack): string[] {
  return rules(stack, "network_rule_collection").map(
    (rule) =>
      `${(rule.source_addresses as string[]).join(",")} -> ${(rule.destination_addresses as string[]).join(",")}:${(rule.destination_ports as string[]).join(",")}/${(rule.protocols as string[]).join(",")}`,
  );
}

function rules(stack: SynthesizedStack, kind: string): Block[] {
  const group = only(stack, "azurerm_firewall_policy_rule_collection_group");
  return ((group[kind] ?? []) as { rule: Block[] }[]).flatMap(({ rule }) => rule);
}
