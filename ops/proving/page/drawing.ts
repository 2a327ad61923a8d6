import type { Edge, Graph, Node } from "@viz-js/viz";
import { nameIn } from "../../../azure-facts/arm-ids";
import { addressesText } from "../../../proof/packets/addresses";
import type { Network } from "../../../proof/network/model";
import type { Reach } from "../../../proof/reach/reach";
import { columnsOf, inLine, inOrder } from "./columns";
import { type Drawn, drawnNetwork, hostsIn, othersIn } from "./drawn-network";
import { clusterName, edge, FONT, LAYOUT_SIZE, node } from "./shapes";

/**
 * Networks that belong together as a graph: what the model has of them, and nothing else. From left to right: the Internet, hubs, spokes, endpoints, and what these lead to; so a line
 * towards a hub is drawn from its head to its tail.
 */
export function drawingOf(networks: readonly Network[], drawn: Drawn): Graph {
  const columns = columnsOf(networks, outsideNames(networks, drawn), targetsOf(networks, drawn), drawn);
  return {
    graphAttributes: {
      rankdir: "LR",
      nodesep: 0.2,
      ranksep: 0.9,
      compound: true,
      newrank: true,
      bgcolor: "transparent",
    },
    nodeAttributes: { fontname: FONT, fontsize: LAYOUT_SIZE, shape: "box", style: "rounded", margin: "0.15,0.07" },
    edgeAttributes: { fontname: FONT, fontsize: LAYOUT_SIZE, arrowsize: 0.7 },
    subgraphs: [...networks.map((network) => drawnNetwork(network, drawn)), ...inLine(columns)],
    nodes: outsideOf(networks, drawn),
    edges: [
      ...inOrder(columns),
      ...networks.flatMap((network) => [
        ...linksOf(network, drawn),
        ...peeringsOf(network, drawn),
        ...questionsOf(network, drawn),
        ...defaultRoutesOf(network, drawn),
      ]),
      ...edgesOutside(networks, drawn),
    ],
  };
}

/** The resources that endpoints lead to, the aliases that name them, on-premises and the Internet. */
function outsideOf(networks: readonly Network[], { reach, ends }: Drawn): Node[] {
  const { model } = reach;
  const targets = targetsOf(networks, { reach });
  return [
    ...targets.map((id) => node(id, [nameIn(id), reach.lookup.service(id)?.location ?? ""], "service")),
    ...aliasesOf(targets, { reach }).map(({ id, name }) =>
      node(id, [`${name}.servicebus.windows.net`, "alias"], "names"),
    ),
    ...model.onPremises
      .filter(({ networkId }) => isAmong(networks, networkId))
      .map(({ name, addresses }) =>
        node(siteNode(name), [name, addressesText(addresses)], "place", { from: name, to: name }),
      ),
    ...(firewallsOf(networks, { reach }).length > 0
      ? [node("internet", ["the Internet"], "place", ends.get("internet"))]
      : []),
  ];
}

function outsideNames(networks: readonly Network[], { reach }: Of): string[] {
  return [
    ...(firewallsOf(networks, { reach }).length > 0 ? ["internet"] : []),
    ...reach.model.onPremises.filter(({ networkId }) => isAmong(networks, networkId)).map(({ name }) => siteNode(name)),
  ];
}

function edgesOutside(networks: readonly Network[], { reach }: Drawn): Edge[] {
  const { gateways, onPremises } = reach.model;
  return [
    ...aliasesOf(targetsOf(networks, { reach }), { reach }).flatMap(({ id, primaryId, partnerId }) => [
      edge(id, primaryId, "names", { label: "names" }),
      ...(partnerId === undefined
        ? []
        : [edge(id, partnerId, "names", { label: "after a failover", style: "dashed" })]),
    ]),
    ...firewallsOf(networks, { reach }).map(({ id }) =>
      edge(id, "internet", "route", { label: "what its rules allow" }),
    ),
    ...onPremises
      .filter(({ networkId }) => isAmong(networks, networkId))
      .flatMap(({ name, networkId }) =>
        gateways
          .filter((gateway) => gateway.networkId === networkId)
          .map(({ id }) => edge(siteNode(name), id, "route", BACK)),
      ),
  ];
}

/** The head is where the line starts. */
const BACK: Edge["attributes"] = { dir: "back" };

type Of = Pick<Drawn, "reach">;

function targetsOf(networks: readonly Network[], { reach }: Of): readonly string[] {
  const endpoints = networks.flatMap(({ id }) => reach.lookup.endpointsOf(id));
  const targets = new Set(endpoints.map(({ targetId }) => targetId));
  return [...targets].filter((id) => !isDrawnInside(id, reach));
}

/** An app is drawn in the subnet that it sends from, though connections come to it past the network. */
function isDrawnInside(id: string, { model }: Reach): boolean {
  return model.apps.some((app) => app.id === id && app.subnetId !== undefined);
}

function aliasesOf(targets: readonly string[], { reach }: Of) {
  return reach.model.aliases.filter(({ primaryId }) => targets.includes(primaryId));
}

function firewallsOf(networks: readonly Network[], { reach }: Of) {
  return reach.model.firewalls.filter(
    ({ networkId, publicAddress }) => publicAddress !== undefined && isAmong(networks, networkId),
  );
}

function isAmong(networks: readonly Network[], id: string): boolean {
  return networks.some((network) => network.id === id);
}

function siteNode(name: string): string {
  return `site ${name}`;
}

function linksOf({ id }: Network, { reach }: Drawn): Edge[] {
  return reach.lookup
    .endpointsOf(id)
    .map(({ id: endpoint, targetId }) =>
      edge(endpoint, targetId, "link", isDrawnInside(targetId, reach) ? { constraint: false } : {}),
    );
}

/** Each peering once: from the network with the smaller id. */
function peeringsOf({ id }: Network, { reach }: Drawn): Edge[] {
  return reach.lookup
    .peersOf(id)
    .filter(({ own }) => own.networkId < own.remoteId)
    .map(({ own }) =>
      edge(othersIn(own.networkId), othersIn(own.remoteId), "peering", {
        label: "peering",
        dir: "both",
        ltail: clusterName(own.networkId),
        lhead: clusterName(own.remoteId),
        constraint: false,
      }),
    );
}

function questionsOf({ id, dnsServers }: Network, { reach }: Drawn): Edge[] {
  const { interfaces, firewalls } = reach.model;
  return [...interfaces, ...firewalls]
    .filter(({ address }) => dnsServers.includes(address))
    .map((server) => edge(server.id, othersIn(id), "names", { label: "names", lhead: clusterName(id), ...BACK }));
}

function defaultRoutesOf({ id }: Network, { reach }: Drawn): Edge[] {
  const { model, lookup } = reach;
  return lookup.subnetsOf(id).flatMap((subnet) => {
    const routes = subnet.routeTableId === undefined ? [] : lookup.table(subnet.routeTableId).routes;
    const hop = routes.find(({ prefix, nextHop }) => prefix === "0.0.0.0/0" && nextHop === "VirtualAppliance");
    const firewall = model.firewalls.find(({ address }) => address === hop?.address);
    if (!firewall) return [];
    return [
      edge(firewall.id, hostsIn(subnet.id), "route", { label: "0.0.0.0/0", lhead: clusterName(subnet.id), ...BACK }),
    ];
  });
}
