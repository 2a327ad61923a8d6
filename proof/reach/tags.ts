import { AZURE_RESOLVER } from "../../azure-facts/addresses";
import { addressesOf, ALL_ADDRESSES, allOf, PUBLIC_ADDRESSES } from "../packets/addresses";
import { Intervals } from "../packets/intervals";
import type { Subnet } from "../network/model";
import type { Lookup } from "./lookup";

/** What the prefixes of a rule mean at a subnet. */
export interface Meaning {
  readonly addresses: Intervals;
  /** Service tags of which the prefixes are not known: they hold addresses of the Internet. */
  readonly tags: readonly string[];
}

/**
 * @param prefixes CIDR blocks, addresses, service tags or `*`
 * @param subnet whose network and routes decide what VirtualNetwork means
 */
export function meaningOf(prefixes: readonly string[], subnet: Subnet, lookup: Lookup): Meaning {
  const known: Intervals[] = [];
  const tags: string[] = [];
  for (const prefix of prefixes) {
    const tag = prefix.toLowerCase();
    if (/^\d/.test(prefix)) known.push(addressesOf(prefix));
    else if (tag === "*" || tag === "any") known.push(ALL_ADDRESSES);
    else if (tag === "virtualnetwork") known.push(virtualNetwork(subnet, lookup));
    else if (tag === "internet") known.push(PUBLIC_ADDRESSES);
    else if (tag === "azureloadbalancer") known.push(addressesOf(AZURE_RESOLVER));
    else tags.push(prefix);
  }
  return { addresses: Intervals.union(known), tags };
}

const known = new WeakMap<Lookup, Map<string, Intervals>>();

/**
 * The tag as Azure computes it for a subnet: its network, the peers, what a gateway leads to, and the prefixes of the subnet's own routes
 * (learn.microsoft.com/azure/virtual-network/service-tags-overview). A 0.0.0.0/0 route makes it everything.
 */
export function virtualNetwork(subnet: Subnet, lookup: Lookup): Intervals {
  const cache = known.get(lookup) ?? new Map<string, Intervals>();
  known.set(lookup, cache);
  const cached = cache.get(subnet.id);
  if (cached) return cached;
  const peers = lookup
    .peersOf(subnet.networkId)
    .filter(({ own }) => own.allowsAccess)
    .map(({ own }) => own.remoteId);
  const spaces = [subnet.networkId, ...peers]
    .filter((id) => lookup.knowsNetwork(id))
    .map((id) => lookup.network(id).addresses);
  const sites = lookup.gatewayFor(subnet.networkId)?.sites.map(({ addresses }) => addresses) ?? [];
  const routes = subnet.routeTableId === undefined ? [] : lookup.table(subnet.routeTableId).routes;
  const prefixes = routes.map(({ prefix }) => prefix).filter((prefix) => /^\d/.test(prefix));
  const whole = Intervals.union([...spaces, ...sites, allOf(prefixes)]);
  cache.set(subnet.id, whole);
  return whole;
}
