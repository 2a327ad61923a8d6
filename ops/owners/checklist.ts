import { groupIn, nameIn } from "../../azure-facts/arm-ids";
import type { Approval } from "../../synthesized/views/approval";
import type { ExistingWorkspace } from "../../synthesized/views/existing-workspace";
import type { OwnersPart, ZoneTasks } from "./owners-part";
import { type LinkTask, type OwnerTasks } from "./tasks";

/** What others have to do, with exact values; what the topology declares as done is ticked. */
export function checklistOf({ hubs, zones, approvals, workspaces }: OwnersPart): string {
  return [
    ...hubs.map(hubList),
    ...zones.map(zonesList),
    ...(approvals.length > 0 ? [approvalsList(approvals)] : []),
    ...workspaces.map(workspaceList),
  ].join("\n");
}

function hubList({ hub, links, dnsClients, routes, rules }: OwnerTasks): string {
  return [
    `For the owner of ${hub.networkId}`,
    `The spoke is ${hub.spokeId} (stack ${hub.stack}).`,
    "",
    `${box(false)} Peer the hub with the spoke, from the hub's side: virtual network access yes, forwarded traffic yes, gateway transit no.`,
    "",
    `${box(false)} Link these private DNS zones to the hub:`,
    ...links.map(linkLine),
    "",
    ...routes.map(
      ({ range, isDeclared }) =>
        `${box(isDeclared)} Route between the spoke and ${range}, in both directions, through the filter.`,
    ),
    ...(hub.translated.length === 0
      ? []
      : [
          `${box(false)} Put the filter's own address in place of the sender's (SNAT) for ${hub.translated.join(", ")}: a private endpoint's answers do not come back through a filter that does not.`,
        ]),
    ...(routes.length + hub.translated.length === 0 ? [] : [""]),
    ...dnsClients.map(
      ({ range, isDeclared }) =>
        `${box(isDeclared)} Let the DNS servers ${hub.dns.servers.join(" and ")} answer ${range} (UDP and TCP 53).`,
    ),
    ...(hub.names.length === 0
      ? []
      : [
          "",
          "    Where they answer for listed names only, these are asked for:",
          ...hub.names.map((name) => `      ${name}`),
        ]),
    "",
    ...rules.flatMap(({ rule, isDeclared }) => [
      `${box(isDeclared)} Let through ${rule.from.join(", ")} to ${[...rule.hosts, ...rule.addresses].join(", ")}, ${rule.protocols.join(" and ").toUpperCase()} ${rule.ports.join(", ")}`,
      `      ${rule.name}: ${rule.reason}`,
    ]),
    "",
    `    The spoke's route for 0.0.0.0/0 leads to ${hub.filter.address}. What the filter passes on by name has to come from ${hub.filter.ranges.join(", ")}.`,
    "",
  ].join("\n");
}

function zonesList({ zoneIds, stacks, links, records }: ZoneTasks): string {
  const [first = ""] = zoneIds;
  return [
    `For the owner of the private DNS zones in ${groupIn(first)}`,
    `They keep the names of ${stacks.join(" and ")}.`,
    "",
    `${box(false)} Have these zones:`,
    ...zoneIds.map((id) => `      ${id}`),
    "",
    `${box(false)} Give the identity that deploys the role Private DNS Zone Contributor on them: its endpoints write their records.`,
    ...(links.length === 0
      ? []
      : ["", `${box(false)} Link these zones:`, ...links.map((link) => `${linkLine(link)}, to ${link.networkId}`)]),
    ...(records.length === 0
      ? []
      : [
          "",
          `${box(false)} Have these A records:`,
          ...records.map(
            ({ zoneId, label, addresses }) => `      ${label} in ${nameIn(zoneId)}: ${addresses.join(", ")}`,
          ),
        ]),
    "",
  ].join("\n");
}

function approvalsList(approvals: readonly Approval[]): string {
  return [
    "For the owners of the services",
    "",
    ...approvals.flatMap(({ stack, resourceId, endpoint }) => [
      `${box(false)} Approve the endpoint ${endpoint} (stack ${stack}) of ${resourceId}`,
      `      az network private-endpoint-connection list --id ${resourceId}`,
      "      az network private-endpoint-connection approve --id <the id of the connection>",
    ]),
    "",
  ].join("\n");
}

function workspaceList({ workspaceId, scopeId, isReadPrivately }: ExistingWorkspace): string {
  return [
    `For the owner of ${workspaceId}`,
    "",
    `${box(false)} Put it into the private link scope ${scopeId}.`,
    ...(isReadPrivately
      ? [
          `${box(false)} Turn queries from public networks off: the topology wants logs to be read from the network alone.`,
        ]
      : []),
    "",
  ].join("\n");
}

function linkLine({ zoneId, resolutionPolicy }: LinkTask): string {
  return `      ${zoneId}, resolution policy ${resolutionPolicy}`;
}

function box(done: boolean): string {
  return done ? "[x]" : "[ ]";
}

/** In one sentence, for the output of other commands. */
export function sentenceOf({ hubs, zones, approvals, workspaces }: OwnersPart): string {
  const owned = [
    ...hubs.map(({ hub }) => nameIn(hub.networkId)),
    ...zones.map(({ zoneIds }) => `the zones in ${groupIn(zoneIds[0] ?? "")}`),
    ...approvals.map(({ resourceId }) => nameIn(resourceId)),
    ...workspaces.map(({ workspaceId }) => nameIn(workspaceId)),
  ];
  return `The owner of ${[...new Set(owned)].join(", ")} has a part in this: npm run owners lists it, and npm run owners -- --terraform prints it as Terraform.`;
}
