import type { Node, Subgraph } from "@viz-js/viz";
import { nameIn } from "../../../azure-facts/arm-ids";
import { addressesOf, addressesText } from "../../../proof/packets/addresses";
import type { Firewall, Network, Subnet } from "../../../proof/network/model";
import type { Reach } from "../../../proof/reach/reach";
import type { Ends } from "./ends";
import { cluster, node } from "./shapes";

/** What is drawn, and what it is called in the matrix. */
export interface Drawn {
  readonly reach: Reach;
  readonly ends: ReadonlyMap<string, Ends>;
}

export function drawnNetwork(network: Network, drawn: Drawn): Subgraph {
  const { lookup } = drawn.reach;
  const { id, location, name, prefixes } = network;
  return {
    ...cluster(id, `${location ?? "exists"}: ${name} ${prefixes.join(", ")}`, "network", [
      ...declaredIn(network, drawn),
      ...zonesOf(network, drawn),
      node(othersIn(id), ["hosts in other subnets"], "place", drawn.ends.get(id)),
    ]),
    subgraphs: lookup.subnetsOf(id).map((subnet) => drawnSubnet(subnet, drawn)),
  };
}

/** The node at which a line to or from a whole network starts or ends. */
export function othersIn(networkId: string): string {
  return `${networkId}/others`;
}

/** The same of a subnet. */
export function hostsIn(subnetId: string): string {
  return `${subnetId}/hosts`;
}

/** What another owner has in it, of which no stack shows the subnet. */
function declaredIn({ id }: Network, drawn: Drawn): Node[] {
  const { firewalls, forwarders } = drawn.reach.model;
  return [
    ...firewalls.filter(({ networkId, isDeclared }) => networkId === id && isDeclared).map(firewallNode(drawn)),
    ...forwarders
      .filter(({ networkId, isDeclared }) => networkId === id && isDeclared)
      .map((forwarder) => node(forwarder.id, [forwarder.name, ...forwarder.addresses], "names")),
  ];
}

function zonesOf({ id }: Network, { reach }: Drawn): Node[] {
  const zones = reach.model.zoneLinks.filter(({ networkId }) => networkId === id).map(({ zoneId }) => nameIn(zoneId));
  return zones.length === 0 ? [] : [node(`${id}/zones`, ["private DNS zones linked here", ...zones.sort()], "names")];
}

function firewallNode({ ends }: Drawn): (firewall: Firewall) => Node {
  return ({ id, name, address }) => node(id, [name, address], "firewall", ends.get(id));
}

function drawnSubnet(subnet: Subnet, drawn: Drawn): Subgraph {
  const { id, name, prefixes, securityGroupId, routeTableId } = subnet;
  const { reach, ends } = drawn;
  const { model, lookup } = reach;
  const guards = [securityGroupId, routeTableId].flatMap((guard) => (guard === undefined ? [] : [nameIn(guard)]));
  const place = ends.get(id);
  return cluster(id, [`${name} ${prefixes.join(", ")}`, ...guards].join("\n"), "subnet", [
    ...model.firewalls
      .filter(({ networkId, isDeclared }) => networkId === subnet.networkId && !isDeclared)
      .filter(({ address }) => addressesOf(address).isWithin(subnet.addresses))
      .map(firewallNode(drawn)),
    ...model.gateways
      .filter(({ subnetId }) => subnetId === id)
      .map((gateway) => node(gateway.id, [gateway.name, `${gateway.kind} gateway`], "firewall")),
    ...lookup
      .interfacesIn(id)
      .map((machine) => node(machine.id, [machine.name, machine.address], "place", ends.get(machine.id))),
    ...model.apps
      .filter(({ subnetId }) => subnetId === id)
      .map((app) => node(app.id, [app.name, `${app.kind} app`], "place", ends.get(app.id))),
    ...lookup
      .endpointsIn(id)
      .map((endpoint) =>
        node(
          endpoint.id,
          [endpoint.name, `${endpoint.part} ${addressesText(endpoint.addresses)}`],
          "endpoint",
          ends.get(endpoint.id),
        ),
      ),
    place ? node(hostsIn(id), ["hosts"], "place", place) : node(hostsIn(id), ["no hosts of its own"], "empty"),
  ]);
}
