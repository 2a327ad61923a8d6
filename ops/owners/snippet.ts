import { groupIn, nameIn } from "../../azure-facts/arm-ids";
import { hashOf, shortened } from "../../topology/shortened";
import { policyVariable, rulesBlock } from "./firewall-hcl";
import { distinct, type OwnersPart, type RecordTask } from "./owners-part";
import { block, head, labelOf, list, providerOf, text } from "./hcl";
import { type LinkTask, type OwnerTasks } from "./tasks";

/** Of peerings and links, in characters. */
const LONGEST_NAME = 80;
/** Behind rules that the policy may have already; each spoke's group has one of its own. */
const FIRST_PRIORITY = 20_000;

/**
 * The owner's part as Terraform for azurerm 4: the peering, the links, and the firewall's rules where the filter is an Azure Firewall with a policy. Everything is for one owner's
 * credentials: links are written in the resource groups of the zones.
 */
export function snippetOf({ hubs, zones, approvals, workspaces }: OwnersPart): string {
  const policies = hubs.filter(({ rules }) => rules.length > 0).map(({ hub }) => policyVariable(hub.networkId));
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
    ...new Set(policies),
    ...hubs.flatMap(partOf),
    ...links.map((link) => linkBlock(link)),
    ...records.map((record) => recordBlock(record)),
    ...zones.map(
      ({ zoneIds }) =>
        `# The zones have to exist, and the identity that deploys needs Private DNS Zone Contributor on them:\n${zoneIds.map((id) => `#   ${id}`).join("\n")}`,
    ),
    ...workspaces.map(
      ({ workspaceId, scopeId }) => `# ${workspaceId} has to be put into the private link scope ${scopeId}.`,
    ),
    ...approvals.map(
      ({ endpoint, resourceId }) => `# azurerm approves no endpoint: approve ${endpoint} of ${resourceId} by az.`,
    ),
  ].join("\n\n");
}

function linkBlock({ zoneId, zone, networkId, resolutionPolicy }: LinkTask): string {
  const ends = hashOf(`${zoneId} ${networkId}`.toLowerCase());
  return block("azurerm_private_dns_zone_virtual_network_link", `link_${labelOf(zone)}_${ends}`, [
    ["provider", providerOf(zoneId)],
    ["name", text(shortened(`${nameIn(networkId)}-${ends}`, LONGEST_NAME))],
    ["resource_group_name", text(groupIn(zoneId))],
    ["private_dns_zone_name", text(zone)],
    ["virtual_network_id", text(networkId)],
    ["registration_enabled", "false"],
    ...(resolutionPolicy === "Default" ? [] : ([["resolution_policy", text(resolutionPolicy)]] as const)),
  ]);
}

function recordBlock({ zoneId, label, addresses }: RecordTask): string {
  return block(
    "azurerm_private_dns_a_record",
    `record_${labelOf(nameIn(zoneId))}_${hashOf(`${zoneId} ${label}`.toLowerCase())}`,
    [
      ["provider", providerOf(zoneId)],
      ["name", text(label)],
      ["resource_group_name", text(groupIn(zoneId))],
      ["zone_name", text(nameIn(zoneId))],
      ["ttl", "300"],
      ["records", list(addresses)],
    ],
  );
}

function partOf({ hub, dnsClients, routes, rules }: OwnerTasks, index: number): string[] {
  const label = labelOf(hub.stack);
  const clients = dnsClients.map(({ range }) => range).join(", ");
  return [
    block("azurerm_virtual_network_peering", label, [
      ["provider", providerOf(hub.networkId)],
      ["name", text(shortened(`to-${nameIn(hub.spokeId)}-${hub.stack}`, LONGEST_NAME))],
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
            { label, networkId: hub.networkId, priority: FIRST_PRIORITY + index },
            rules.map(({ rule }) => rule),
          ),
        ]),
    ...(hub.names.length === 0
      ? []
      : [`# Where the DNS servers answer for listed names only: ${hub.names.join(", ")}.`]),
    ...routes.map(
      ({ range }) => `# Between the spoke and ${range} there have to be routes in both directions, through the filter.`,
    ),
    ...hub.translated.map(
      (address) => `# The filter has to put its own address in place of the sender's (SNAT) for ${address}.`,
    ),
    `# The DNS servers ${hub.dns.servers.join(", ")} have to answer ${clients}.`,
  ];
}
