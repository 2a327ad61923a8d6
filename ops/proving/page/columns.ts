import type { Edge, Subgraph } from "@viz-js/viz";
import { addressesOf } from "../../../proof/packets/addresses";
import type { Network } from "../../../proof/network/model";
import { type Drawn, hostsIn, othersIn } from "./drawn-network";
import { edge } from "./shapes";

/**
 * The order of a drawing from left to right: what is outside, hubs, what sends in spokes, endpoints, and what these lead to. One column a list, of the names of nodes.
 *
 * @param outside the Internet and on-premises
 * @param targets what endpoints lead to
 */
export function columnsOf(
  networks: readonly Network[],
  outside: readonly string[],
  targets: readonly string[],
  { reach }: Drawn,
): readonly (readonly string[])[] {
  const { model, lookup } = reach;
  const hubs = networks.filter(
    ({ id }) =>
      [...model.firewalls, ...model.gateways].some(({ networkId }) => networkId === id) ||
      model.forwarders.some(({ networkId }) => networkId === id),
  );
  const spokes = networks.filter((network) => !hubs.includes(network));
  const nodesIn = ({ id }: Network, isFor: (endpoints: number) => boolean) =>
    lookup
      .subnetsOf(id)
      .filter((subnet) => isFor(lookup.endpointsIn(subnet.id).length))
      .flatMap((subnet) => [
        ...model.gateways.filter(({ subnetId }) => subnetId === subnet.id).map((gateway) => gateway.id),
        ...lookup.interfacesIn(subnet.id).map((machine) => machine.id),
        ...model.apps.filter(({ subnetId }) => subnetId === subnet.id).map((app) => app.id),
        ...model.firewalls
          .filter(({ networkId, address }) => networkId === id && addressesOf(address).isWithin(subnet.addresses))
          .map((firewall) => firewall.id),
        ...lookup.endpointsIn(subnet.id).map((endpoint) => endpoint.id),
        hostsIn(subnet.id),
      ]);
  return [
    outside,
    hubs.flatMap((hub) => [othersIn(hub.id), ...nodesIn(hub, () => true)]),
    spokes.flatMap((spoke) => [othersIn(spoke.id), ...nodesIn(spoke, (endpoints) => endpoints === 0)]),
    spokes.flatMap((spoke) => nodesIn(spoke, (endpoints) => endpoints > 0)),
    targets,
  ].filter((column) => column.length > 0);
}

/** The nodes of a column are in one line. */
export function inLine(columns: readonly (readonly string[])[]): Subgraph[] {
  return columns.map((names) => ({ graphAttributes: { rank: "same" }, nodes: names.map((name) => ({ name })) }));
}

/** One column after the other, by lines that are not seen. */
export function inOrder(columns: readonly (readonly string[])[]): Edge[] {
  return columns.slice(1).flatMap((column, index) => {
    const [left, right] = [columns[index]?.[0], column[0]];
    return left === undefined || right === undefined ? [] : [edge(left, right, "order", { style: "invis" })];
  });
}
