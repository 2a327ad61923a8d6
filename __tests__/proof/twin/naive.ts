import type {
  Endpoint,
  Firewall,
  FirewallRule,
  Model,
  Peering,
  RouteTable,
  SecurityRule,
  Subnet,
} from "../../../proof/network/model";
import type { Packet } from "./packet";

/**
 * A packet-by-packet evaluator, written from Azure's documentation without the engine: it shares the parsed types and nothing else. One packet is followed from hop to hop, and each rule
 * is a comparison of numbers.
 */
export interface Sender {
  readonly subnet: Subnet;
  readonly securityGroupIds: readonly string[];
  /** An app that sends what is not private past the network. */
  readonly isApp: boolean;
  readonly routesAll: boolean;
  readonly hasPublicAddress: boolean;
}

export type End = "reaches internet" | "reaches resolver" | `reaches ${string}` | "cannot" | "unknown";

const RESOLVER = numberOf("168.63.129.16");

export function follow(model: Model, sender: Sender, packet: Packet): End {
  if (packet.to === RESOLVER) return toResolver(packet);
  if (sender.isApp && !sender.routesAll && isInternet(packet.to)) return "reaches internet";
  for (const id of sender.securityGroupIds)
    if (!groupAllows(model, id, "Outbound", sender.subnet, packet)) return "cannot";
  return route(model, sender, packet, { networkId: sender.subnet.networkId, tableId: sender.subnet.routeTableId });
}

function toResolver({ protocol, port }: Packet): End {
  const open = protocol === "udp" ? port === 53 : [53, 80, 32_526].includes(port);
  return open ? "reaches resolver" : "cannot";
}

interface Spot {
  readonly networkId: string;
  readonly tableId?: string | undefined;
  /** The firewall that sends it on from here. */
  readonly firewall?: Firewall;
  /** Whether that has put its own address in the sender's place. */
  readonly isTranslated?: boolean;
}

function route(model: Model, sender: Sender, packet: Packet, spot: Spot): End {
  const best = bestRoute(model, spot, packet.to);
  switch (best.kind) {
    case "drop":
      return spot.firewall && isPrivate(packet.to) ? "unknown" : "cannot";
    case "internet":
      if (!isInternet(packet.to)) return spot.firewall && isPrivate(packet.to) ? "unknown" : "cannot";
      if (spot.firewall) return spot.firewall.publicAddress === undefined ? "cannot" : "reaches internet";
      return sender.hasPublicAddress || sender.subnet.hasDefaultOutbound ? "reaches internet" : "cannot";
    case "gateway":
      return "unknown";
    case "appliance":
      return viaAppliance(model, sender, packet, spot, best.address);
    case "network":
      return into(model, packet, spot, best.networkId);
  }
}

type Best =
  | { readonly kind: "drop" | "internet" | "gateway" }
  | { readonly kind: "appliance"; readonly address: string }
  | { readonly kind: "network"; readonly networkId: string };

/** Longest prefix first; a user's route before BGP's before Azure's. */
function bestRoute(model: Model, { networkId, tableId }: Spot, to: number): Best {
  const table = model.routeTables.find(({ id }) => id === tableId);
  const choices: { length: number; rank: number; best: Best }[] = [];
  const add = (prefix: string, rank: number, best: Best) => {
    const [address = "", length = "32"] = prefix.split("/");
    if (isIn(to, prefix)) choices.push({ length: Number(length), rank, best });
    return address;
  };
  for (const { prefix, nextHop, address } of table?.routes ?? []) {
    const hop: Best =
      nextHop === "VirtualAppliance"
        ? { kind: "appliance", address: address ?? "" }
        : nextHop === "Internet"
          ? { kind: "internet" }
          : nextHop === "VnetLocal"
            ? { kind: "network", networkId }
            : nextHop === "VirtualNetworkGateway" && gatewayOf(model, networkId)?.kind === "Vpn"
              ? { kind: "gateway" }
              : { kind: "drop" };
    add(prefix, 0, hop);
  }
  const gateway = gatewayOf(model, networkId);
  let replaced = (table?.routes ?? []).some(({ prefix }) => prefix.endsWith("/0"));
  if (gateway && table?.takesBgp !== false) {
    for (const site of model.onPremises.filter((each) => each.networkId === gateway.networkId)) {
      if (site.addresses.has(to)) choices.push({ length: 24, rank: 1, best: { kind: "gateway" } });
      if (site.announcesDefault) {
        replaced = true;
        choices.push({ length: 0, rank: 1, best: { kind: "gateway" } });
      }
    }
  }
  const near = [networkId, ...connected(model, networkId).map(({ own }) => own.remoteId)];
  for (const id of near) {
    for (const prefix of model.networks.find((network) => network.id === id)?.prefixes ?? [])
      add(prefix, 2, { kind: "network", networkId: id });
    for (const endpoint of endpointsOf(model, id))
      if (endpoint.addresses.has(to) && !overridden(model, endpoint, id, table))
        choices.push({ length: 32, rank: 2, best: { kind: "network", networkId: id } });
  }
  if (!replaced)
    for (const range of ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"])
      add(range, 2, { kind: "drop" });
  choices.push({ length: 0, rank: 2, best: { kind: "internet" } });
  choices.sort((one, other) => other.length - one.length || one.rank - other.rank);
  return choices[0]?.best ?? { kind: "drop" };
}

function overridden(
  model: Model,
  { subnetId, address }: Endpoint,
  networkId: string,
  table: RouteTable | undefined,
): boolean {
  const subnet = model.subnets.find(({ id }) => id === subnetId);
  if (!table || subnet?.endpointPolicies.routes !== true) return false;
  const own = model.networks
    .find(({ id }) => id === networkId)
    ?.prefixes.find((prefix) => isIn(numberOf(address), prefix));
  return table.routes.some(
    ({ prefix }) => isIn(numberOf(address), prefix) && lengthOf(prefix) >= lengthOf(own ?? "0.0.0.0/32"),
  );
}

function viaAppliance(model: Model, sender: Sender, packet: Packet, spot: Spot, address: string): End {
  const near = [spot.networkId, ...connected(model, spot.networkId).map(({ own }) => own.remoteId)];
  const firewall = model.firewalls.find((each) => each.address === address && near.includes(each.networkId));
  if (!firewall) {
    const machine = model.interfaces.find((each) => each.address === address);
    return machine?.forwardsPackets === true ? "unknown" : "cannot";
  }
  if (spot.firewall) return "cannot";
  if (firewall.networkId !== spot.networkId) {
    const peering = connected(model, spot.networkId).find(({ own }) => own.remoteId === firewall.networkId);
    if (!peering || !peering.own.allowsAccess || !peering.other.allowsAccess) return "cannot";
    if (!peering.own.allowsForwardedTraffic) return "cannot";
  }
  const rule = firstRule(firewall, packet);
  if (!rule?.allows) return "cannot";
  const isTranslated = rule.kind === "application" || !firewall.keepsSenderTo.has(packet.to);
  const own = model.subnets.find(
    ({ networkId, addresses }) => networkId === firewall.networkId && addresses.has(numberOf(firewall.address)),
  );
  const from = { networkId: firewall.networkId, tableId: own?.routeTableId, firewall, isTranslated };
  if (!isTranslated) return route(model, sender, packet, from);
  // It uses any of its addresses, and any port: where that makes a difference, chance decides.
  const { ranges } = firewall.ownAddresses;
  const ends = new Set(
    ranges
      .flat()
      .flatMap((address) =>
        [80, 50_000].map((sourcePort) => route(model, sender, { ...packet, from: address, sourcePort }, from)),
      ),
  );
  const [only = "cannot", another] = ends;
  return another === undefined ? only : "unknown";
}

/** Network rules before application rules, each in its order. */
function firstRule({ rules }: Firewall, packet: Packet): FirewallRule | undefined {
  const matches = (rule: FirewallRule) =>
    rule.sources.has(packet.from) &&
    rule.service.has(packet.port + (packet.protocol === "udp" ? 65_536 : 0)) &&
    (rule.hosts ? rule.hosts.includes(packet.host) : (rule.destinations?.has(packet.to) ?? true));
  return (
    rules.find((rule) => rule.kind === "network" && matches(rule)) ??
    rules.find((rule) => rule.kind === "application" && matches(rule))
  );
}

function into(model: Model, packet: Packet, spot: Spot, networkId: string): End {
  if (networkId !== spot.networkId) {
    const peering = connected(model, spot.networkId).find(({ own }) => own.remoteId === networkId);
    if (!peering || !peering.own.allowsAccess || !peering.other.allowsAccess) return "cannot";
    if (spot.firewall && spot.isTranslated !== true && !peering.other.allowsForwardedTraffic) return "cannot";
  }
  const subnet = model.subnets.find((each) => each.networkId === networkId && each.addresses.has(packet.to));
  // Another stack may have made a subnet there.
  if (!subnet) return "unknown";
  const endpoint = endpointsOf(model, networkId).find((each) => each.addresses.has(packet.to));
  if (endpoint) {
    if (spot.firewall && spot.isTranslated !== true) return "cannot";
    if (subnet.endpointPolicies.securityGroup && !allowsIn(model, subnet.securityGroupId, subnet, packet))
      return "cannot";
    return packet.protocol === "tcp" && [443, 5671, 5672].includes(packet.port) ? `reaches ${endpoint.name}` : "cannot";
  }
  const machine = model.interfaces.find((each) => each.subnetId === subnet.id && numberOf(each.address) === packet.to);
  const [start = 0, end = 0] = subnet.addresses.ranges[0] ?? [];
  const isHost =
    subnet.delegation === undefined &&
    subnet.name !== "AzureFirewallSubnet" &&
    packet.to >= start + 4 &&
    packet.to < end;
  if (!machine && !isHost) return "cannot";
  for (const id of [subnet.securityGroupId, machine?.securityGroupId])
    if (id !== undefined && !allowsIn(model, id, subnet, packet)) return "cannot";
  const back = bestRoute(model, { networkId, tableId: subnet.routeTableId }, packet.from);
  if (spot.firewall && spot.isTranslated !== true) {
    if (back.kind !== "appliance" || back.address !== spot.firewall.address) return "cannot";
  } else if (back.kind !== "network") return "cannot";
  return `reaches ${machine?.name ?? subnet.name}`;
}

function allowsIn(model: Model, groupId: string | undefined, subnet: Subnet, packet: Packet): boolean {
  return groupId === undefined || groupAllows(model, groupId, "Inbound", subnet, packet);
}

function groupAllows(
  model: Model,
  groupId: string,
  direction: SecurityRule["direction"],
  subnet: Subnet,
  packet: Packet,
): boolean {
  const rules =
    model.securityGroups.find(({ id }) => id === groupId)?.rules.filter((rule) => rule.direction === direction) ?? [];
  for (const rule of [...rules].sort((one, other) => one.priority - other.priority)) {
    if (!rule.service.has(packet.port + (packet.protocol === "udp" ? 65_536 : 0))) continue;
    if (!rule.sourcePort.has(packet.sourcePort)) continue;
    if (!rule.sources.some((prefix) => means(model, prefix, subnet, packet.from, []))) continue;
    if (!rule.destinations.some((prefix) => means(model, prefix, subnet, packet.to, packet.tags))) continue;
    return rule.allows;
  }
  const inNetwork = (address: number) => means(model, "VirtualNetwork", subnet, address, []);
  if (inNetwork(packet.from) && inNetwork(packet.to)) return true;
  if (direction === "Inbound") return packet.from === RESOLVER;
  return isInternet(packet.to);
}

function means(model: Model, prefix: string, subnet: Subnet, address: number, tags: readonly string[]): boolean {
  if (prefix === "*") return true;
  if (prefix === "Internet") return isInternet(address);
  if (/^\d/.test(prefix)) return isIn(address, prefix);
  if (prefix !== "VirtualNetwork") return tags.includes(prefix) && isInternet(address);
  const near = [
    subnet.networkId,
    ...connected(model, subnet.networkId)
      .filter(({ own }) => own.allowsAccess)
      .map(({ own }) => own.remoteId),
  ];
  const table = model.routeTables.find(({ id }) => id === subnet.routeTableId);
  const gateway = gatewayOf(model, subnet.networkId);
  return (
    near.some((id) =>
      model.networks.find((network) => network.id === id)?.prefixes.some((each) => isIn(address, each)),
    ) ||
    (table?.routes ?? []).some((each) => isIn(address, each.prefix)) ||
    model.onPremises.some((site) => site.networkId === gateway?.networkId && site.addresses.has(address))
  );
}

function connected(model: Model, networkId: string): { own: Peering; other: Peering }[] {
  return model.peerings
    .filter((own) => own.networkId === networkId)
    .flatMap((own) => {
      const other = model.peerings.find((each) => each.networkId === own.remoteId && each.remoteId === networkId);
      return other ? [{ own, other }] : [];
    });
}

function gatewayOf(model: Model, networkId: string) {
  const own = model.gateways.find((gateway) => gateway.networkId === networkId);
  if (own) return own;
  const lent = connected(model, networkId).find(
    ({ own: half, other }) =>
      half.usesRemoteGateway && other.offersGateway && model.gateways.some((each) => each.networkId === half.remoteId),
  );
  return model.gateways.find((gateway) => gateway.networkId === lent?.own.remoteId);
}

function endpointsOf(model: Model, networkId: string): Endpoint[] {
  return model.endpoints.filter(
    ({ subnetId }) => model.subnets.find(({ id }) => id === subnetId)?.networkId === networkId,
  );
}

export function numberOf(address: string): number {
  return address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}

function lengthOf(prefix: string): number {
  return Number(prefix.split("/")[1] ?? "32");
}

function isIn(address: number, prefix: string): boolean {
  const [base = "", length = "32"] = prefix.split("/");
  const size = 2 ** (32 - Number(length));
  return Math.floor(address / size) === Math.floor(numberOf(base) / size);
}

function isPrivate(address: number): boolean {
  return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].some((range) => isIn(address, range));
}

function isInternet(address: number): boolean {
  const unrouted = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "198.18.0.0/15", "224.0.0.0/3"];
  return !isPrivate(address) && address !== RESOLVER && !unrouted.some((range) => isIn(address, range));
}
