import { AZURE_RESOLVER } from "../../../azure-facts/addresses";
import type { Model } from "../../../proof/network/model";
import type { Host } from "./hosts";

/** Interfaces of the router that lead to no host of the model. */
export const LINKS = { delivery: "p-delivery", internet: "p-internet", resolver: "p-resolver" } as const;
export const DELIVERY = { router: "169.254.2.1", other: "169.254.2.2" } as const;
export const INTERNET_GATEWAY = "198.51.100.1";

const TABLES = { delivery: 10, internet: 11, first: 100 } as const;
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/**
 * The routes of each interface as a table of its own, in lines for `ip -batch`. What a route leads into a network is sent out and back once, so that the longest prefix of its table decides
 * first, and the host's own address afterwards.
 */
export function routesOf(hosts: readonly Host[], model: Model): { rules: string[]; routes: string[] } {
  const delivered = hosts.map(({ name, address }) => `${address}/32 dev p-${name}`);
  const toResolver = `${AZURE_RESOLVER}/32 dev ${LINKS.resolver}`;
  const publicOf = hosts.flatMap(({ name, firewall }) =>
    firewall?.publicAddress === undefined ? [] : [`${firewall.publicAddress}/32 dev p-${name}`],
  );
  const tables = hosts.map((host, index) => ({
    host,
    table: TABLES.first + index,
    lines: [...tableOf(host, hosts, model)].map(([prefix, hop]) =>
      hop === DROP ? `blackhole ${prefix}` : `${prefix} ${hop}`,
    ),
  }));
  const routes = (table: number, lines: readonly string[]) => lines.map((line) => `route add ${line} table ${table}`);
  return {
    rules: [
      `rule add iif ${LINKS.delivery} lookup ${TABLES.delivery}`,
      `rule add iif ${LINKS.resolver} lookup ${TABLES.delivery}`,
      `rule add iif ${LINKS.internet} lookup ${TABLES.internet}`,
      ...tables.map(({ host, table }) => `rule add iif p-${host.name} lookup ${table}`),
    ],
    routes: [
      ...routes(TABLES.delivery, [...delivered, "blackhole default"]),
      ...routes(TABLES.internet, [...publicOf, ...delivered, "blackhole default"]),
      ...tables.flatMap(({ table, lines }) => routes(table, [...lines, toResolver])),
    ],
  };
}

const DROP = "";
const INTO = `via ${DELIVERY.other} dev ${LINKS.delivery}`;
const OUT = `via ${INTERNET_GATEWAY} dev ${LINKS.internet} onlink`;

/** By prefix: what comes later replaces what Azure has by itself. */
function tableOf(host: Host, hosts: readonly Host[], model: Model): Map<string, string> {
  const viaFirewall = (address: string | undefined, near: readonly string[]) => {
    const firewall = hosts.find(
      (each) => each.firewall !== undefined && each.address === address && near.includes(each.networkId),
    );
    return firewall ? `via ${firewall.address} dev p-${firewall.name} onlink` : DROP;
  };
  if (host.behind) return new Map([["default", viaFirewall(host.behind.address, [host.networkId])]]);
  const near = [host.networkId, ...peersOf(host.networkId, model)];
  const table = new Map<string, string>();
  const mayLeave = host.firewall !== undefined || host.subnet?.hasDefaultOutbound === true;
  table.set("default", mayLeave ? OUT : DROP);
  for (const prefix of PRIVATE) table.set(prefix, DROP);
  for (const { id, prefixes } of model.networks)
    if (near.includes(id)) for (const prefix of prefixes) table.set(prefix, INTO);
  const udrs = model.routeTables.find(({ id }) => id === host.subnet?.routeTableId)?.routes ?? [];
  // What leaves an endpoint goes where it came from, past the routes of its subnet.
  for (const { prefix, nextHop, address } of host.ports ? [] : udrs) {
    const hop = {
      VirtualAppliance: viaFirewall(address, near),
      VnetLocal: INTO,
      Internet: mayLeave ? OUT : DROP,
      None: DROP,
      VirtualNetworkGateway: DROP,
    };
    table.set(prefix === "0.0.0.0/0" ? "default" : prefix, hop[nextHop]);
    // The user's default route takes the place of Azure's for private addresses too.
    if (prefix === "0.0.0.0/0") for (const range of PRIVATE) if (table.get(range) === DROP) table.delete(range);
  }
  for (const { address, subnetId } of model.endpoints) {
    const subnet = model.subnets.find(({ id }) => id === subnetId);
    if (subnet && near.includes(subnet.networkId) && !subnet.endpointPolicies.routes) table.set(`${address}/32`, INTO);
  }
  return table;
}

/** Networks at the other end of a peering of which both halves are there and open. */
export function peersOf(networkId: string, { peerings }: Model): string[] {
  return peerings
    .filter((own) => own.networkId === networkId && own.allowsAccess)
    .filter((own) =>
      peerings.some((other) => other.networkId === own.remoteId && other.remoteId === networkId && other.allowsAccess),
    )
    .map(({ remoteId }) => remoteId);
}
