import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located } from "../resources";
import { number, type Part, partOf, partsIn, text, texts } from "./attributes";

/** A rule of a network security group. */
export interface SecurityRule {
  /** The group. */
  readonly resource: Located;
  readonly group: string;
  readonly name: string;
  /** The smaller is evaluated first. */
  readonly priority: number;
  readonly direction: "Inbound" | "Outbound";
  readonly access: "Allow" | "Deny";
  /** Tcp, Udp, Icmp, Esp, Ah or `*`. */
  readonly protocol: string;
  /** CIDR blocks, addresses, service tags or `*`. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** Ports, ranges of them, or `*`. */
  readonly ports: readonly string[];
}

export function securityRulesIn(stacks: readonly SynthesizedStack[]): SecurityRule[] {
  return all(stacks, "azurerm_network_security_group").flatMap((resource) => {
    const group = partOf(resource);
    return partsIn(group, "security_rule").map((rule) => ({
      resource,
      group: text(group, "name"),
      name: text(rule, "name"),
      priority: number(rule, "priority"),
      direction: oneOf(rule, "direction", ["Inbound", "Outbound"]),
      access: oneOf(rule, "access", ["Allow", "Deny"]),
      protocol: text(rule, "protocol"),
      sources: either(rule, "source_address_prefix", "source_address_prefixes"),
      destinations: either(rule, "destination_address_prefix", "destination_address_prefixes"),
      ports: either(rule, "destination_port_range", "destination_port_ranges"),
    }));
  });
}

function oneOf<Value extends string>(rule: Part, key: string, values: readonly Value[]): Value {
  const got = text(rule, key);
  const found = values.find((value) => value === got);
  if (!found) throw new Error(`${rule.path}.${key} is "${got}", and should be one of ${values.join(", ")}.`);
  return found;
}

/** Azure takes one value or a list. */
function either(rule: Part, one: string, many: string): string[] {
  const values = [...texts(rule, one), ...texts(rule, many)];
  if (values.length === 0) throw new Error(`${rule.path} has neither ${one} nor ${many}.`);
  return values;
}
