import { groupIn, nameIn } from "../../azure-facts/arm-ids";
import type { HubAdmission } from "../../synthesized/views/existing-hub";
import type { OwnersPart, RecordTask } from "./owners-part";
import { aligned, type Attribute, block, head, labelOf, list, providerOf, text } from "./hcl";
import { type LinkTask, type OwnerTasks } from "./tasks";

/** Behind rules that the policy may have already; each spoke's group has one of its own. */
const FIRST_PRIORITY = 20_000;

/**
 * The owner's part as Terraform for azurerm 4: the peering, the links, and the firewall's rules where the filter is an Azure Firewall with a policy. Everything is for one owner's
 * credentials: links are written in the resource groups of the zones.
 */
export function snippetOf({ hubs, zones, approvals }: OwnersPart): string {
  const policies = hubs.some(({ rules }) => rules.length > 0) ? [VARIABLE] : [];
  // Two regions may share a hub, or zones: each link and each record is one resource.
  const links = distinct(
    [...hubs, ...zones].flatMap((each) => each.links),
    ({ zoneId, networkId }) => `${zoneId} ${networkId}`,
  );
  const records = distinct(
    zones.flatMap((each) => each.records),
    ({ zoneId, label }) => `${zoneId} ${label}`,
  );
  const ids = [...hubs.map(({ hub }) => hub.networkId), ...[...links, ...records].map(({ zoneId }) => zoneId)];
  return [
    ...head(ids),
    ...policies,
    ...hubs.flatMap(partOf),
    ...links.map(linkBlock),
    ...records.map(recordBlock),
    ...approvals.map(
      ({ endpoint, resourceId }) => `# azurerm approves no endpoint: approve ${endpoint} of ${resourceId} by az.`,
    ),
  ].join("\n\n");
}

function distinct<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item).toLowerCase(), item])).values()];
}

function linkBlock({ zoneId, zone, networkId, resolutionPolicy }: LinkTask, index: number): string {
  return block("azurerm_private_dns_zone_virtual_network_link", `link_${index + 1}_${labelOf(zone)}`, [
    ["provider", providerOf(zoneId)],
    ["name", text(`${groupIn(networkId)}-${nameIn(networkId)}`.slice(0, 80))],
    ["resource_group_name", text(groupIn(zoneId))],
    ["private_dns_zone_name", text(zone)],
    ["virtual_network_id", text(networkId)],
    ["registration_enabled", "false"],
    ...(resolutionPolicy === "Default" ? [] : ([["resolution_policy", text(resolutionPolicy)]] as const)),
  ]);
}

function recordBlock({ zoneId, label, addresses }: RecordTask, index: number): string {
  return block("azurerm_private_dns_a_record", `record_${index + 1}`, [
    ["provider", providerOf(zoneId)],
    ["name", text(label)],
    ["resource_group_name", text(groupIn(zoneId))],
    ["zone_name", text(nameIn(zoneId))],
    ["ttl", "300"],
    ["records", list(addresses)],
  ]);
}

const VARIABLE = `variable "firewall_policy_id" {
  type        = string
  description = "The ARM id of the firewall policy of the hub."
}`;

function partOf({ hub, dnsClients, routes, rules }: OwnerTasks, index: number): string[] {
  const label = labelOf(hub.stack);
  const clients = dnsClients.map(({ range }) => range).join(", ");
  return [
    block("azurerm_virtual_network_peering", label, [
      ["provider", providerOf(hub.networkId)],
      ["name", text(`to-${nameIn(hub.spokeId)}-${hub.stack}`)],
      ["resource_group_name", text(groupIn(hub.networkId))],
      ["virtual_network_name", text(nameIn(hub.networkId))],
      ["remote_virtual_network_id", text(hub.spokeId)],
      ["allow_virtual_network_access", "true"],
      ["allow_forwarded_traffic", "true"],
    ]),
    ...(rules.length === 0
      ? []
      : [
          rulesBlock(
            { label, provider: providerOf(hub.networkId), priority: FIRST_PRIORITY + index },
            rules.map(({ rule }) => rule),
          ),
        ]),
    ...routes.map(
      ({ range }) => `# Between the spoke and ${range} there have to be routes in both directions, through the filter.`,
    ),
    `# The DNS servers ${hub.dns.servers.join(", ")} have to answer ${clients}.`,
  ];
}

interface RulesProps {
  readonly label: string;
  readonly provider: string;
  readonly priority: number;
}

function rulesBlock({ label, provider: from, priority }: RulesProps, rules: readonly HubAdmission[]): string {
  const byHost = rules.filter(({ hosts }) => hosts.length > 0);
  const byAddress = rules.filter(({ hosts }) => hosts.length === 0);
  return [
    `resource "azurerm_firewall_policy_rule_collection_group" ${text(label)} {`,
    `  provider           = ${from}`,
    `  name               = ${text(label)}`,
    "  firewall_policy_id = var.firewall_policy_id",
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
