import { groupIn, nameIn } from "../../azure-facts/arm-ids";
import type { HubAdmission } from "../../synthesized/views/existing-hub";
import { hashOf } from "../../topology/shortened";
import { aligned, type Attribute, labelOf, list, providerOf, text } from "./hcl";

/** The name of the variable that has the policy of a hub: hubs have policies of their own. */
export function policyOf(networkId: string): string {
  return `firewall_policy_id_of_${labelOf(`${groupIn(networkId)}_${nameIn(networkId)}_${hashOf(networkId.toLowerCase())}`)}`;
}

export function policyVariable(networkId: string): string {
  return [
    `variable ${text(policyOf(networkId))} {`,
    "  type        = string",
    `  description = ${text(`The ARM id of the firewall policy of ${nameIn(networkId)}.`)}`,
    "}",
  ].join("\n");
}

interface RulesProps {
  readonly label: string;
  /** The ARM id of the hub's network. */
  readonly networkId: string;
  readonly priority: number;
}

/** The rules as one collection group of the hub's policy. */
export function rulesBlock({ label, networkId, priority }: RulesProps, rules: readonly HubAdmission[]): string {
  const byHost = rules.filter(({ hosts }) => hosts.length > 0);
  const byAddress = rules.filter(({ hosts }) => hosts.length === 0);
  return [
    `resource "azurerm_firewall_policy_rule_collection_group" ${text(label)} {`,
    `  provider           = ${providerOf(networkId)}`,
    `  name               = ${text(label)}`,
    `  firewall_policy_id = var.${policyOf(networkId)}`,
    `  priority           = ${priority}`,
    ...collection("network_rule_collection", "addresses", 200, byAddress.map(networkRule)),
    ...collection("application_rule_collection", "hosts", 300, byHost.map(applicationRule)),
    "}",
  ].join("\n");
}

function collection(kind: string, name: string, priority: number, rules: readonly string[]): string[] {
  if (rules.length === 0) return [];
  return [
    "",
    `  ${kind} {`,
    `    name     = ${text(name)}`,
    `    priority = ${priority}`,
    '    action   = "Allow"',
    ...rules,
    "  }",
  ];
}

function applicationRule(rule: HubAdmission): string {
  const { from, hosts, ports, web } = rule;
  const protocols = ports.flatMap((port) => [
    "      protocols {",
    `        type = ${text(web === "http" ? "Http" : "Https")}`,
    `        port = ${port}`,
    "      }",
  ]);
  return ruleOf(
    rule,
    [
      ["source_addresses", list(from)],
      ["destination_fqdns", list(hosts)],
    ],
    protocols,
  );
}

function networkRule(rule: HubAdmission): string {
  const { from, addresses, ports, protocols } = rule;
  return ruleOf(rule, [
    ["source_addresses", list(from)],
    ["destination_addresses", list(addresses)],
    ["destination_ports", list(ports.map(String))],
    ["protocols", list(protocols.map((protocol) => protocol.toUpperCase()))],
  ]);
}

function ruleOf(
  { name, reason }: HubAdmission,
  attributes: readonly Attribute[],
  more: readonly string[] = [],
): string {
  const all: readonly Attribute[] = [["name", text(name)], ["description", text(reason)], ...attributes];
  return ["", "    rule {", ...aligned(all).map((line) => `      ${line}`), ...more, "    }"].join("\n");
}
