import { armId } from "../../../synthesized/arm-id";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { all } from "../../../synthesized/resources";
import { number, optionalText, type Part, partOf, partsIn, text, texts } from "../../../synthesized/views/attributes";
import { portsOf, servicesOf } from "../../packets/services";
import { Intervals } from "../../packets/intervals";
import type { SecurityGroup, SecurityRule } from "../model";
import { originOf } from "./origins";

export function securityGroupsIn(stacks: readonly SynthesizedStack[]): SecurityGroup[] {
  const separate = all(stacks, "azurerm_network_security_rule").map(partOf);
  return all(stacks, "azurerm_network_security_group").map((resource) => {
    const group = partOf(resource);
    const name = text(group, "name");
    const own = separate.filter(
      (rule) =>
        text(rule, "network_security_group_name") === name &&
        text(rule, "resource_group_name").toLowerCase() === text(group, "resource_group_name").toLowerCase(),
    );
    return {
      id: armId(resource),
      name,
      origin: originOf(group),
      rules: [...partsIn(group, "security_rule"), ...own]
        .map(ruleOf)
        .sort((one, other) => one.priority - other.priority),
    };
  });
}

function ruleOf(rule: Part): SecurityRule {
  for (const end of ["source", "destination"]) {
    if (texts(rule, `${end}_application_security_group_ids`).length > 0) {
      throw new Error(`${rule.path} names application security groups, which are not modelled.`);
    }
  }
  return {
    name: text(rule, "name"),
    reason: optionalText(rule, "description") ?? "",
    priority: number(rule, "priority"),
    direction: oneOf(rule, "direction", ["Inbound", "Outbound"]),
    allows: oneOf(rule, "access", ["Allow", "Deny"]) === "Allow",
    service: servicesOf(text(rule, "protocol"), either(rule, "destination_port_range")),
    sourcePort: Intervals.union(either(rule, "source_port_range").map(portsOf)),
    sources: either(rule, "source_address_prefix", "source_address_prefixes"),
    destinations: either(rule, "destination_address_prefix", "destination_address_prefixes"),
    origin: originOf(rule),
  };
}

function oneOf<Value extends string>(rule: Part, key: string, values: readonly Value[]): Value {
  const got = text(rule, key);
  const found = values.find((value) => value === got);
  if (!found) throw new Error(`${rule.path}.${key} is "${got}", and should be one of ${values.join(", ")}.`);
  return found;
}

/** Azure takes one value or a list. */
function either(rule: Part, one: string, many = `${one}s`): string[] {
  const values = [...texts(rule, one), ...texts(rule, many)];
  if (values.length === 0) throw new Error(`${rule.path} has neither ${one} nor ${many}.`);
  return values;
}
