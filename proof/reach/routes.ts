import { Address4 } from "ip-address";
import { addressesOf } from "../packets/addresses";
import { PRIVATE_RANGES } from "../../topology/cidr";
import { Intervals } from "../packets/intervals";
import type { Endpoint, Gateway, OnPremises, Peering, Route, RouteTable } from "../network/model";
import { builtInOrigin, type Origin } from "../network/origin";
import type { Lookup } from "./lookup";

/** Where a route leads. */
export type Hop =
  | {
      readonly kind: "network";
      readonly networkId: string;
      readonly peering?: { readonly own: Peering; readonly other: Peering };
    }
  | { readonly kind: "endpoint"; readonly endpoint: Endpoint; readonly networkId: string }
  | { readonly kind: "appliance"; readonly address: string }
  | { readonly kind: "gateway"; readonly gateway: Gateway; readonly site?: OnPremises }
  | { readonly kind: "internet" }
  | { readonly kind: "none"; readonly why: string };

/** A route that takes effect, with the destinations that no better route takes. */
export interface Routed {
  readonly to: Intervals;
  readonly hop: Hop;
  /** `everything (0.0.0.0/0)`, `peering hubtospoke`. */
  readonly name: string;
  readonly origin: Origin;
}

/** Where packets leave from: a subnet's routes, or those of a network where no route table is. */
export interface Vantage {
  readonly networkId: string;
  readonly routeTableId?: string | undefined;
}

interface Candidate extends Omit<Routed, "to"> {
  readonly addresses: Intervals;
  readonly length: number;
  /** Of equal lengths a user's route wins, then BGP's, then Azure's own. */
  readonly source: "user" | "bgp" | "system";
}

const PRECEDENCE = { user: 0, bgp: 1, system: 2 } as const;

const cache = new WeakMap<Lookup, Map<string, readonly Routed[]>>();

/** The effective routes at a vantage: of those with a destination the longest prefix decides (learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview). */
export function routesAt(vantage: Vantage, lookup: Lookup): readonly Routed[] {
  const routes = cache.get(lookup) ?? new Map<string, readonly Routed[]>();
  cache.set(lookup, routes);
  const key = `${vantage.networkId} ${vantage.routeTableId ?? ""}`;
  const found = routes.get(key) ?? effective(candidates(vantage, lookup));
  routes.set(key, found);
  return found;
}

function effective(all: readonly Candidate[]): Routed[] {
  const sorted = [...all].sort(
    (one, other) => other.length - one.length || PRECEDENCE[one.source] - PRECEDENCE[other.source],
  );
  let taken = Intervals.none;
  return sorted.flatMap(({ addresses, hop, name, origin }) => {
    const to = addresses.minus(taken);
    taken = taken.or(addresses);
    return to.isEmpty ? [] : [{ to, hop, name, origin }];
  });
}

function candidates(vantage: Vantage, lookup: Lookup): Candidate[] {
  const table = vantage.routeTableId === undefined ? undefined : lookup.table(vantage.routeTableId);
  const users = (table?.routes ?? []).map((route) => userRoute(route, vantage, lookup));
  const bgp = table?.takesBgp === false ? [] : gatewayRoutes(vantage, lookup);
  const isReplaced = [...users, ...bgp].some(({ length }) => length === 0);
  return [
    ...users,
    ...bgp,
    ...networkRoutes(vantage, lookup),
    ...endpointRoutes(vantage, table, lookup),
    ...(isReplaced ? [] : dropRoutes()),
    system("0.0.0.0/0", { kind: "internet" }, "Azure's route to the Internet"),
  ];
}

function userRoute(route: Route, { networkId }: Vantage, lookup: Lookup): Candidate {
  return {
    ...prefixOf(route),
    hop: hopOf(route, networkId, lookup),
    name: `${route.name} (${route.prefix} to ${route.nextHop}${route.address === undefined ? "" : ` ${route.address}`})`,
    origin: route.origin,
    source: "user",
  };
}

/** @throws Error for a service tag: its addresses are not known */
function prefixOf({ prefix, origin }: Route): Pick<Candidate, "addresses" | "length"> {
  if (!/^\d/.test(prefix))
    throw new Error(`${origin.resource} routes the service tag ${prefix}, whose addresses are not known.`);
  return { addresses: addressesOf(prefix), length: new Address4(prefix).subnetMask };
}

function hopOf({ nextHop, address }: Route, networkId: string, lookup: Lookup): Hop {
  switch (nextHop) {
    case "VirtualAppliance":
      return address === undefined
        ? { kind: "none", why: "the route names no appliance" }
        : { kind: "appliance", address };
    case "VirtualNetworkGateway": {
      const used = lookup.gatewayFor(networkId);
      if (!used) return { kind: "none", why: "the network has no gateway, and uses none of a peer" };
      // A route of one's own cannot name an ExpressRoute gateway (learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview).
      if (used.gateway.kind === "ExpressRoute")
        return { kind: "none", why: "a route of one's own cannot lead to an ExpressRoute gateway" };
      return { kind: "gateway", gateway: used.gateway };
    }
    case "VnetLocal":
      return { kind: "network", networkId };
    case "Internet":
      return { kind: "internet" };
    case "None":
      return { kind: "none", why: "the route drops them" };
  }
}

function gatewayRoutes({ networkId }: Vantage, lookup: Lookup): Candidate[] {
  const used = lookup.gatewayFor(networkId);
  if (!used) return [];
  return used.sites.flatMap((site) => {
    const hop: Hop = { kind: "gateway", gateway: used.gateway, site };
    const shared = { hop, name: `${used.gateway.name} announces it`, origin: site.origin, source: "bgp" as const };
    return [
      ...site.prefixes.map((prefix) => ({
        ...shared,
        addresses: addressesOf(prefix),
        length: new Address4(prefix).subnetMask,
      })),
      ...(site.announcesDefault ? [{ ...shared, addresses: addressesOf("0.0.0.0/0"), length: 0 }] : []),
    ];
  });
}

function networkRoutes({ networkId }: Vantage, lookup: Lookup): Candidate[] {
  const own = lookup.network(networkId);
  const local = own.prefixes.map((prefix) =>
    system(prefix, { kind: "network", networkId }, `the network ${own.name}`, own.origin),
  );
  const peers = lookup.peersOf(networkId).flatMap((peering) => {
    const { remoteId, name, origin } = peering.own;
    if (!lookup.knowsNetwork(remoteId)) return [];
    return lookup
      .network(remoteId)
      .prefixes.map((prefix) =>
        system(prefix, { kind: "network", networkId: remoteId, peering }, `peering ${name} (${prefix})`, origin),
      );
  });
  return [...local, ...peers];
}

/**
 * An endpoint's address is a route of its own, in its network and in the peers. A longer or equal route of one's own replaces it only where the endpoint's subnet says so, and only if it
 * is no wider than the endpoint's network (learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy).
 */
function endpointRoutes({ networkId }: Vantage, table: RouteTable | undefined, lookup: Lookup): Candidate[] {
  const networks = [networkId, ...lookup.peersOf(networkId).map(({ own }) => own.remoteId)];
  return networks
    .filter((id) => lookup.knowsNetwork(id))
    .flatMap((id) =>
      lookup
        .endpointsOf(id)
        .filter((endpoint) => !isReplaced(endpoint, id, table, lookup))
        .map((endpoint) => ({
          addresses: endpoint.addresses,
          length: 32,
          hop: { kind: "endpoint" as const, endpoint, networkId: id },
          name: `the route of the endpoint ${endpoint.name}`,
          origin: endpoint.origin,
          source: "system" as const,
        })),
    );
}

function isReplaced(endpoint: Endpoint, networkId: string, table: RouteTable | undefined, lookup: Lookup): boolean {
  if (!table || !lookup.subnet(endpoint.subnetId).endpointPolicies.routes) return false;
  const space = lookup.network(networkId).prefixes.find((prefix) => endpoint.addresses.isWithin(addressesOf(prefix)));
  const widest = space === undefined ? 32 : new Address4(space).subnetMask;
  return table.routes.some(
    (route) =>
      /^\d/.test(route.prefix) &&
      new Address4(route.prefix).subnetMask >= widest &&
      endpoint.addresses.isWithin(addressesOf(route.prefix)),
  );
}

/** Azure drops what goes to private ranges that no network has, as long as nothing replaces its default routes. */
function dropRoutes(): Candidate[] {
  return PRIVATE_RANGES.map((prefix) =>
    system(
      prefix,
      { kind: "none", why: "no network that is connected has the address" },
      `Azure's route for ${prefix}`,
    ),
  );
}

function system(prefix: string, hop: Hop, name: string, origin: Origin = builtInOrigin(name)): Candidate {
  return {
    addresses: addressesOf(prefix),
    length: new Address4(prefix).subnetMask,
    hop,
    name,
    origin,
    source: "system",
  };
}

/** Why a route leads there, in a trace. */
export function whyOf(hop: Hop): string {
  switch (hop.kind) {
    case "network":
      return hop.peering ? "the longest prefix is a peer's" : "the longest prefix is the network's own";
    case "endpoint":
      return "the longest prefix is the endpoint's own";
    case "appliance":
      return `the longest prefix leads to the appliance ${hop.address}`;
    case "gateway":
      return "the longest prefix leads to the gateway";
    case "internet":
      return "no longer prefix has the address";
    case "none":
      return hop.why;
  }
}
