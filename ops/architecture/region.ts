import { nameIn, networkOf } from "../../azure-facts/arm-ids";
import type { Edge, Node, Subgraph } from "@viz-js/viz";
import { AZURE_RESOLVER } from "../../azure-facts/addresses";
import { PRIVATE_LINK } from "../../azure-facts/private-link";
import { MONITOR_SCOPE } from "../../azure-facts/private-monitoring";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { all, textOf } from "../../synthesized/resources";
import { appsIn } from "../../synthesized/views/app";
import { existingZonesIn } from "../../synthesized/views/existing-zones";
import { foreignTargetsIn, type PrivateEndpoint, privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { type SecurityRule, securityRulesIn } from "../../synthesized/views/security-rule";
import { type Subnet, subnetsIn } from "../../synthesized/views/subnet";
import { virtualNetworksIn } from "../../synthesized/views/virtual-network";
import { drawnHub } from "./drawn-hub";
import { box, cluster, COLOURS, INVISIBLE, LINES } from "./styles";

/** A region as it is drawn. */
export interface DrawnRegion {
  readonly location: string;
  /** The node that others are placed by. */
  readonly anchor: string;
  readonly subgraph: Subgraph;
  readonly edges: readonly Edge[];
}

/**
 * Draws a region from its network stack and from what other stacks put into its networks. Numbers in brackets are those of the design document's walk-through.
 *
 * @param stacks all of the stamp's
 */
export function drawRegion(network: SynthesizedStack, stacks: readonly SynthesizedStack[]): DrawnRegion {
  const own = [network];
  const location = textOf(first(all(own, "azurerm_resource_group")), "location");
  const at = (name: string) => `${location}/${name}`;
  const hub = drawnHub(network);
  const spoke = first(virtualNetworksIn(own).filter(({ id }) => id !== hub.id));
  const subnets = subnetsIn(own).filter(({ networkId }) => networkId === spoke.id);
  const integration = first(subnets.filter(({ isDelegated }) => isDelegated));
  const endpoints = privateEndpointsIn(stacks).filter(({ subnetId }) => networkOf(subnetId) === spoke.id);
  const bus = endpoints.filter(({ subresource }) => subresource === PRIVATE_LINK.serviceBus.subresource);
  const sites = endpoints.filter(({ subresource }) => subresource === PRIVATE_LINK.sites.subresource);
  const workload = first(subnets.filter(({ id }) => bus.some(({ subnetId }) => subnetId === id)));
  const [monitoring] = endpoints.filter(({ subresource }) => subresource === MONITOR_SCOPE.subresource);
  const foreign = foreignTargetsIn(stacks);
  const services = endpoints.filter(({ targetId }) => foreign.includes(targetId));
  const storage = endpoints.filter((endpoint) => ![...bus, ...sites, ...services, monitoring].includes(endpoint));
  const apps = appsIn(stacks).filter(({ subnetId }) => subnetId === integration.id);
  const rules = securityRulesIn(own).filter(({ access }) => access === "Allow");
  const outbound = rules.filter(({ direction, group }) => direction === "Outbound" && isOf(group, integration));
  const inbound = rules.filter(({ direction, group }) => direction === "Inbound" && isOf(group, workload));
  const insights = all(stacks, "azurerm_application_insights").filter((each) => textOf(each, "location") === location);
  const zones = [
    ...all(own, "azurerm_private_dns_zone").map((zone) => textOf(zone, "name")),
    ...existingZonesIn(own).flatMap(({ zoneIds }) => zoneIds.map((id) => `${nameIn(id)} (exists)`)),
  ];
  const app = `app/${first(apps).name}`;
  const callers = callersOf(inbound, integration, { bus, sites });

  const subgraph: Subgraph = {
    ...cluster(location, location, COLOURS.region, [
      box(at("resolver"), `Azure's resolver (4)\n${AZURE_RESOLVER}`, [], { color: COLOURS.names }),
      box(at("zones"), "private DNS zones (5)", zones, { color: COLOURS.names }),
      ...insights.map((each) => box(at("insights"), "Application Insights", [textOf(each, "name")])),
      ...callers.map(({ name, label }) => box(at(name), label, [], { shape: "box", style: "filled" })),
    ]),
    subgraphs: [
      cluster(at("hub"), hub.title, COLOURS.hub, [
        box(at("egress"), hub.egress, [], { color: COLOURS.egress }),
        box(at("dns"), hub.dns, hub.dnsServers, { color: COLOURS.names }),
      ]),
      {
        ...cluster(at("spoke"), `${spoke.name} ${spoke.addressSpace.join(", ")}`, COLOURS.spoke, []),
        subgraphs: [
          cluster(
            at("integration"),
            `${integration.name} (8) ${integration.prefixes.join(", ")}`,
            COLOURS.subnet,
            apps.map(({ name, settings }) =>
              box(
                `app/${name}`,
                "PRODUCER_ENTITIES" in settings ? "producer function app" : "consumer function app (7)",
                [name],
              ),
            ),
          ),
          cluster(
            at("workload"),
            `${workload.name} ${workload.prefixes.join(", ")}: private endpoints (6)`,
            COLOURS.subnet,
            [
              ...bus.map((endpoint) => box(at(endpoint.name), "Service Bus", [lineOf(endpoint)], SQUARE)),
              box(at("storage"), "host storage", storage.map(lineOf), SQUARE),
              box(at("sites"), "sites", sites.map(lineOf), SQUARE),
              ...(services.length > 0
                ? [box(at("services"), "services of your own", services.map(lineOf), SQUARE)]
                : []),
            ],
          ),
          ...subnets
            .filter(({ id }) => id === monitoring?.subnetId)
            .map(({ name, prefixes }) =>
              cluster(at("monitoring"), `${name} ${prefixes.join(", ")}`, COLOURS.subnet, [
                box(at("monitor"), "Azure Monitor", [monitoring?.name ?? ""], SQUARE),
              ]),
            ),
        ],
      },
    ],
  };

  const connection = (to: string, target: readonly string[]): Edge => ({
    tail: app,
    head: at(to),
    attributes: { ...LINES.connection, label: portsTo(outbound, target), ltail: `cluster_${at("integration")}` },
  });
  const edges: Edge[] = [
    { tail: app, head: at("dns"), attributes: { ...LINES.names, label: "53", ltail: `cluster_${at("integration")}` } },
    { tail: at("dns"), head: at("resolver"), attributes: { ...LINES.names, label: "53" } },
    { tail: at("resolver"), head: at("zones"), attributes: { ...LINES.names, label: "linked to the hub" } },
    {
      tail: app,
      head: at("egress"),
      attributes: { ...LINES.egress, label: "0.0.0.0/0", ltail: `cluster_${at("integration")}` },
    },
    { tail: at("dns"), head: at("egress"), attributes: { ...LINES.egress, label: "0.0.0.0/0" } },
    ...insights.map(() =>
      monitoring
        ? { tail: at("monitor"), head: at("insights"), attributes: LINES.privateLink }
        : { tail: at("egress"), head: at("insights"), attributes: { ...LINES.egress, label: "443, listed hosts" } },
    ),
    ...subnets.filter(({ id }) => id === monitoring?.subnetId).map(({ prefixes }) => connection("monitor", prefixes)),
    ...(services.length > 0
      ? [
          connection(
            "services",
            services.map(({ address }) => address),
          ),
        ]
      : []),
    connection(
      "storage",
      storage.map(({ address }) => address),
    ),
    ...bus.map((endpoint) => connection(endpoint.name, [endpoint.address])),
    ...bus.map((endpoint) => ({
      tail: at(endpoint.name),
      head: `bus/${nameIn(endpoint.targetId)}`,
      attributes: LINES.privateLink,
    })),
    ...callers.flatMap(({ name, to }) =>
      to.map(({ endpoint, ports }) => ({
        tail: at(name),
        head: endpoint === "sites" ? at("sites") : at(bus[0]?.name ?? ""),
        attributes: { ...LINES.connection, label: ports },
      })),
    ),
    { tail: app, head: at("sites"), attributes: INVISIBLE },
  ];
  return { location, anchor: app, subgraph, edges };
}

const SQUARE: Node["attributes"] = { shape: "box", style: "filled" };

interface Caller {
  readonly name: string;
  readonly label: string;
  readonly to: readonly { readonly endpoint: "bus" | "sites"; readonly ports: string }[];
}

/** Who else may enter the workload subnet: hosts that send to Service Bus, and hosts that call the apps. */
function callersOf(
  inbound: readonly SecurityRule[],
  integration: Subnet,
  { bus, sites }: Record<"bus" | "sites", readonly PrivateEndpoint[]>,
): Caller[] {
  const reach = (endpoints: readonly PrivateEndpoint[]) =>
    inbound.filter(
      ({ sources, destinations }) =>
        !sources.some((source) => integration.prefixes.includes(source)) &&
        endpoints.some(({ address }) => destinations.includes(address)),
    );
  const callers = new Map<string, Caller>();
  for (const [endpoint, endpoints] of [
    ["bus", bus],
    ["sites", sites],
  ] as const) {
    for (const { sources } of reach(endpoints)) {
      const from = sources.join(", ");
      const ports = [
        ...new Set(
          reach(endpoints)
            .filter((rule) => rule.sources.join(", ") === from)
            .flatMap((rule) => rule.ports),
        ),
      ].join(", ");
      const known = callers.get(from);
      if (known?.to.some((other) => other.endpoint === endpoint) === true) continue;
      const sends = endpoint === "bus" || known?.to.some((other) => other.endpoint === "bus") === true;
      callers.set(from, {
        name: `from ${from}`,
        label: `${sends ? "producer hosts (1)" : "callers and deploy agents"}\n${from}`,
        to: [...(known?.to ?? []), { endpoint, ports }],
      });
    }
  }
  return [...callers.values()];
}

/** The ports that rules open towards some addresses. */
function portsTo(rules: readonly SecurityRule[], addresses: readonly string[]): string {
  const found = rules.filter(({ destinations }) => addresses.some((address) => destinations.includes(address)));
  return [...new Set(found.flatMap(({ ports }) => ports))].join(", ");
}

function lineOf({ name, address }: PrivateEndpoint): string {
  return `${name} ${address}`;
}

function isOf(group: string, { name }: Subnet): boolean {
  return group === `${name}-nsg`;
}

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error("The stacks lack a part of a region: synthesize again, npm run synth.");
  return item;
}
