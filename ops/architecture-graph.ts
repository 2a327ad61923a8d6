import type { Edge, Graph, Node, Subgraph } from "@viz-js/viz";
import type { SynthesizedStack } from "../synthesized/cdktf-out";
import { all, blocks, type Located, strings, textOf } from "../synthesized/resources";

const FONT = "Helvetica,Arial,sans-serif";
const COLOURS = {
  hub: "#e8f0fa",
  spoke: "#eef7ee",
  subnet: "#ffffff",
  bus: "#fdf3e1",
  line: "#5b6770",
  accent: "#0b5cad",
};

interface RuleBlock {
  readonly direction: string;
  readonly access: string;
  readonly name: string;
  readonly destination_port_range: string;
  readonly protocol: string;
}

/** The architecture of the first stamp, as a graph of what its stacks hold: nothing is drawn that is not synthesized. */
export function architectureGraph(stacks: readonly SynthesizedStack[]): Graph {
  const networks = stacks.filter((stack) => all([stack], "azurerm_subnet").length > 0);
  const endpoints = all(stacks, "azurerm_private_endpoint").map(endpointOf);
  const regions = networks.map((network) => regionOf(network, stacks, endpoints));
  const pairing = all(stacks, "azurerm_servicebus_namespace_disaster_recovery_config")[0];
  const alias = pairing && String(pairing.block.name);
  return {
    graphAttributes: {
      rankdir: "LR",
      fontname: FONT,
      fontsize: 12,
      nodesep: 0.25,
      ranksep: 1.1,
      compound: true,
      newrank: true,
    },
    nodeAttributes: {
      fontname: FONT,
      fontsize: 10,
      margin: "0.25,0.08",
      shape: "box",
      style: "rounded,filled",
      fillcolor: "white",
      color: COLOURS.line,
    },
    edgeAttributes: { fontname: FONT, fontsize: 9, color: COLOURS.line, arrowsize: 0.7 },
    nodes: [
      ...all(stacks, "azurerm_servicebus_namespace").map((namespace) => ({
        name: `bus/${textOf(namespace, "name")}`,
        attributes: {
          label: `Service Bus Premium\n${textOf(namespace, "name")}\n${String(namespace.block.location)}`,
          fillcolor: COLOURS.bus,
        },
      })),
      ...(alias === undefined
        ? []
        : [
            {
              name: "alias",
              attributes: { label: `alias\n${alias}`, shape: "ellipse", style: "filled", fillcolor: COLOURS.bus },
            },
          ]),
    ],
    edges: [
      ...regions.flatMap(({ edges }) => edges),
      ...(pairing
        ? [
            aliasEdge(pairing, "primary_namespace_id", "names", "solid"),
            aliasEdge(pairing, "partner_namespace_id", "after failover", "dashed"),
          ]
        : []),
    ],
    subgraphs: regions.map(({ subgraph }) => subgraph),
  };
}

interface DrawnEndpoint {
  readonly name: string;
  readonly address: string;
  /** The network's resource group. */
  readonly group: string;
  /** Private Link's name for what it leads to: namespace, blob, table, queue, sites. */
  readonly part: string;
  /** The last segment of the id it leads to, where that is another stack's. */
  readonly target: string;
}

function endpointOf(endpoint: Located): DrawnEndpoint {
  const connection = blocks(endpoint.block, "private_service_connection")[0] ?? {};
  return {
    name: String(endpoint.block.name),
    address: String(blocks(endpoint.block, "ip_configuration")[0]?.private_ip_address),
    group: String(endpoint.block.subnet_id).split("/")[4] ?? "",
    part: strings(connection, "subresource_names")[0] ?? "",
    target: String(connection.private_connection_resource_id).split("/").at(-1) ?? "",
  };
}

/** One box for several endpoints: a heading, then a line for each. */
function endpointBox(
  name: string,
  heading: string,
  endpoints: readonly DrawnEndpoint[],
  say: (endpoint: DrawnEndpoint) => string,
): Node {
  const lines = endpoints.map((endpoint) => `${say(endpoint)} ${endpoint.address}`);
  return { name, attributes: { label: [heading, ...lines].join("\n"), shape: "box", style: "filled" } };
}

function regionOf(network: SynthesizedStack, stacks: readonly SynthesizedStack[], endpoints: readonly DrawnEndpoint[]) {
  const group = all([network], "azurerm_resource_group")[0];
  const location = String(group?.block.location);
  const own = endpoints.filter((endpoint) => endpoint.group === String(group?.block.name));
  const bus = own.filter(({ part }) => part === "namespace");
  const sites = own.filter(({ part }) => part === "sites");
  const storage = own.filter((endpoint) => !bus.includes(endpoint) && !sites.includes(endpoint));
  const at = (name: string) => `${location}/${name}`;
  const outbound = (peer: string) => ({
    label: portsOf(network, "integration-subnet-nsg", peer),
    ltail: `cluster_${at("integration")}`,
  });
  const gateway = all([network], "azurerm_virtual_network_gateway")[0];
  const egress = gateway ? `${String(gateway.block.type)} gateway` : "Azure Firewall\nlisted hosts only";
  const apps = all(stacks, "azurerm_windows_function_app").filter(({ block }) => block.location === location);
  const integration = at("integration");
  const hub: Subgraph = cluster(at("hub"), `hub-vnet ${cidrOf(network, "hub_vnet")}`, COLOURS.hub, [
    { name: at("out"), attributes: { label: egress, color: COLOURS.accent } },
    { name: at("dns"), attributes: { label: `DNSSubnet\n2 × BIND forwarder\n${forwarders(network)}` } },
  ]);
  const spoke: Subgraph = {
    ...cluster(at("spoke"), `spoke-vnet ${cidrOf(network, "spoke_vnet")}`, COLOURS.spoke, []),
    subgraphs: [
      cluster(
        integration,
        `integration-subnet ${prefixOf(network, "integration-subnet")}`,
        COLOURS.subnet,
        apps.map((app) => ({
          name: `app/${textOf(app, "name")}`,
          attributes: { label: `function app\n${textOf(app, "name")}` },
        })),
      ),
      cluster(
        at("workload"),
        `workload-subnet ${prefixOf(network, "workload-subnet")}: private endpoints`,
        COLOURS.subnet,
        [
          ...bus.map((endpoint) => endpointBox(at(endpoint.name), "Service Bus", [endpoint], ({ name }) => name)),
          endpointBox(at("storage"), "host storage", storage, ({ name }) => name),
          endpointBox(at("sites"), "sites", sites, ({ name }) => name),
        ],
      ),
    ],
  };
  const app = apps.map((each) => `app/${textOf(each, "name")}`)[0] ?? at("dns");
  const edges: Edge[] = [
    { tail: app, head: at("dns"), attributes: outbound("to-dns-forwarders") },
    { tail: app, head: at("out"), attributes: { ...outbound(""), label: "0.0.0.0/0", color: COLOURS.accent } },
    { tail: at("dns"), head: at("out"), attributes: { label: "0.0.0.0/0", color: COLOURS.accent } },
    { tail: app, head: at("storage"), attributes: outbound("to-host-storage") },
    ...bus.map(({ name }) => ({ tail: app, head: at(name), attributes: outbound("to-service-bus") })),
    ...bus.map(({ name, target }) => ({ tail: at(name), head: `bus/${target}`, attributes: { style: "dotted" } })),
    // Below the others; the line itself says nothing.
    { tail: app, head: at("sites"), attributes: { style: "invis" } },
  ];
  return { subgraph: { ...cluster(location, location, "white", []), subgraphs: [hub, spoke] }, edges };
}

function cluster(name: string, label: string, colour: string, nodes: readonly Node[]): Subgraph {
  return {
    name: `cluster_${name}`,
    graphAttributes: {
      label,
      fontname: FONT,
      fontsize: 11,
      style: "rounded,filled",
      fillcolor: colour,
      color: COLOURS.line,
      margin: 12,
    },
    nodes: [...nodes],
  };
}

function cidrOf(network: SynthesizedStack, prefix: string): string {
  const vnet = all([network], "azurerm_virtual_network").find(({ id }) => id.startsWith(prefix));
  return vnet ? strings(vnet.block, "address_space").join(", ") : "";
}

function prefixOf(network: SynthesizedStack, name: string): string {
  const subnet = all([network], "azurerm_subnet").find(({ block }) => block.name === name);
  return subnet ? strings(subnet.block, "address_prefixes").join(", ") : "";
}

function forwarders(network: SynthesizedStack): string {
  return all([network], "azurerm_network_interface")
    .map(({ block }) => String(blocks(block, "ip_configuration")[0]?.private_ip_address))
    .join(", ");
}

/** The ports that an NSG opens towards a peer. */
function portsOf(network: SynthesizedStack, nsg: string, peer: string): string {
  const group = all([network], "azurerm_network_security_group").find(({ block }) => block.name === nsg);
  const rules = (group?.block.security_rule ?? []) as RuleBlock[];
  return [
    ...new Set(
      rules
        .filter(
          ({ direction, access, name }) => direction === "Outbound" && access === "Allow" && name.startsWith(peer),
        )
        .map(({ destination_port_range }) => destination_port_range),
    ),
  ].join(", ");
}

function aliasEdge(pairing: Located, key: string, label: string, style: string): Edge {
  return {
    tail: "alias",
    head: `bus/${String(pairing.block[key]).split("/").at(-1) ?? ""}`,
    attributes: { label, style },
  };
}
