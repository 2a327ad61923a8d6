import { lastOf, type OwnerTasks } from "./tasks";

/** What the owner of a hub has to do, with exact values; what the topology declares as done is ticked. */
export function checklistOf({ hub, links, dnsClients, rules }: OwnerTasks): string {
  return [
    `For the owner of ${hub.networkId}`,
    `The spoke is ${hub.spokeId} (stack ${hub.stack}).`,
    "",
    `${box(false)} Peer the hub with the spoke, from the hub's side: virtual network access yes, forwarded traffic yes, gateway transit no.`,
    "",
    `${box(false)} Link these private DNS zones to the hub:`,
    ...links.map(({ zoneId, resolutionPolicy }) => `      ${zoneId}, resolution policy ${resolutionPolicy}`),
    "",
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

function box(done: boolean): string {
  return done ? "[x]" : "[ ]";
}

/** In one sentence, for the output of other commands. */
export function sentenceOf(tasks: readonly OwnerTasks[]): string {
  const hubs = tasks.map(({ hub }) => lastOf(hub.networkId)).join(", ");
  return `The owner of ${hubs} has a part in this: npm run owners lists it, and npm run owners -- --terraform prints it as Terraform.`;
}
