import { nameIn } from "../../azure-facts/arm-ids";
import type {
  AddressRecord,
  Endpoint,
  Firewall,
  Forwarder,
  Gateway,
  Model,
  Network,
  NetworkInterface,
  OnPremises,
  Peering,
  RouteTable,
  SecurityGroup,
  Service,
  Subnet,
  ZoneLink,
} from "../network/model";

/** A peering that is connected, from one network's side. */
export interface PeeringHalves {
  readonly own: Peering;
  readonly other: Peering;
}

/** A model's items by what asks for them. */
export class Lookup {
  private readonly networks: ReadonlyMap<string, Network>;
  private readonly subnets: ReadonlyMap<string, Subnet>;
  private readonly groups: ReadonlyMap<string, SecurityGroup>;
  private readonly tables: ReadonlyMap<string, RouteTable>;
  private readonly services: ReadonlyMap<string, Service>;
  private readonly subnetsByNetwork: ReadonlyMap<string, readonly Subnet[]>;
  private readonly endpointsBySubnet: ReadonlyMap<string, readonly Endpoint[]>;
  private readonly interfacesBySubnet: ReadonlyMap<string, readonly NetworkInterface[]>;
  private readonly peeringsByNetwork: ReadonlyMap<string, readonly Peering[]>;
  private readonly firewallsByAddress: ReadonlyMap<string, readonly Firewall[]>;
  private readonly zoneNames: ReadonlyMap<string, string>;
  private readonly linksByNetwork: ReadonlyMap<string, readonly ZoneLink[]>;
  private readonly recordsByZone: ReadonlyMap<string, readonly AddressRecord[]>;
  private readonly endpointsByZone: ReadonlyMap<string, readonly Endpoint[]>;
  private readonly endpointsByTarget: ReadonlyMap<string, readonly Endpoint[]>;
  private readonly servicesByName: ReadonlyMap<string, readonly Service[]>;
  private readonly forwardersByAddress: ReadonlyMap<string, readonly Forwarder[]>;

  constructor(readonly model: Model) {
    this.networks = byId(model.networks);
    this.subnets = byId(model.subnets);
    this.groups = byId(model.securityGroups);
    this.tables = byId(model.routeTables);
    this.services = byId(model.services);
    this.subnetsByNetwork = grouped(model.subnets, ({ networkId }) => networkId);
    this.endpointsBySubnet = grouped(model.endpoints, ({ subnetId }) => subnetId);
    this.interfacesBySubnet = grouped(model.interfaces, ({ subnetId }) => subnetId);
    this.peeringsByNetwork = grouped(model.peerings, ({ networkId }) => networkId);
    this.firewallsByAddress = grouped(model.firewalls, ({ address }) => address);
    this.zoneNames = new Map(model.zones.map(({ id, name }) => [id, name]));
    this.linksByNetwork = grouped(model.zoneLinks, ({ networkId }) => networkId);
    this.recordsByZone = grouped(model.records, ({ zoneId }) => zoneId);
    this.endpointsByZone = groupedByEach(model.endpoints, ({ zoneIds }) => zoneIds);
    this.endpointsByTarget = grouped(model.endpoints, ({ targetId }) => nameIn(targetId));
    this.servicesByName = grouped(model.services, ({ name }) => name.toLowerCase());
    this.forwardersByAddress = groupedByEach(model.forwarders, ({ addresses }) => addresses);
  }

  /** @throws Error where there is none: a model that refers to what it does not have is not whole */
  network(id: string): Network {
    return found(this.networks.get(id), "network", id);
  }

  knowsNetwork(id: string): boolean {
    return this.networks.has(id);
  }

  subnet(id: string): Subnet {
    return found(this.subnets.get(id), "subnet", id);
  }

  group(id: string): SecurityGroup {
    return found(this.groups.get(id), "network security group", id);
  }

  table(id: string): RouteTable {
    return found(this.tables.get(id), "route table", id);
  }

  /** Nothing where no stack makes it. */
  service(id: string): Service | undefined {
    return this.services.get(id);
  }

  subnetsOf(networkId: string): readonly Subnet[] {
    return this.subnetsByNetwork.get(networkId) ?? [];
  }

  endpointsIn(subnetId: string): readonly Endpoint[] {
    return this.endpointsBySubnet.get(subnetId) ?? [];
  }

  interfacesIn(subnetId: string): readonly NetworkInterface[] {
    return this.interfacesBySubnet.get(subnetId) ?? [];
  }

  /** The endpoints in a network. */
  endpointsOf(networkId: string): readonly Endpoint[] {
    return this.subnetsOf(networkId).flatMap(({ id }) => this.endpointsIn(id));
  }

  /** Both halves of each peering that is connected, from one network's side. */
  peersOf(networkId: string): readonly PeeringHalves[] {
    return this.halvesOf(networkId).flatMap(({ own, other }) => (other ? [{ own, other }] : []));
  }

  /** A network's halves of peerings; the other half is missing where the peering is not connected. */
  halvesOf(networkId: string): readonly { readonly own: Peering; readonly other?: Peering }[] {
    return (this.peeringsByNetwork.get(networkId) ?? []).map((own) => {
      const other = this.peeringsByNetwork
        .get(own.remoteId)
        ?.find((each) => each.remoteId === networkId && each !== own);
      return other ? { own, other } : { own };
    });
  }

  zoneName(id: string): string {
    return this.zoneNames.get(id) ?? nameIn(id);
  }

  linksOf(networkId: string): readonly ZoneLink[] {
    return this.linksByNetwork.get(networkId) ?? [];
  }

  recordsOf(zoneId: string): readonly AddressRecord[] {
    return this.recordsByZone.get(zoneId) ?? [];
  }

  /** Endpoints whose names Azure writes into a zone. */
  endpointsWrittenTo(zoneId: string): readonly Endpoint[] {
    return this.endpointsByZone.get(zoneId) ?? [];
  }

  /** @param name of the resource that they lead to, in lower case */
  endpointsTo(name: string): readonly Endpoint[] {
    return this.endpointsByTarget.get(name) ?? [];
  }

  /** @param name in lower case */
  servicesNamed(name: string): readonly Service[] {
    return this.servicesByName.get(name) ?? [];
  }

  forwardersAt(address: string): readonly Forwarder[] {
    return this.forwardersByAddress.get(address) ?? [];
  }

  /** Of several with one address, which existing hubs have for each spoke, the one of a network's own hub. */
  firewallsAt(address: string): readonly Firewall[] {
    return this.firewallsByAddress.get(address) ?? [];
  }

  /** The gateway that a network uses: its own, or that of a peer which offers it. */
  gatewayFor(networkId: string): { readonly gateway: Gateway; readonly sites: readonly OnPremises[] } | undefined {
    const own = this.model.gateways.find((gateway) => gateway.networkId === networkId);
    const remote = this.peersOf(networkId)
      .filter(({ own: half, other }) => half.usesRemoteGateway && other.offersGateway)
      .map(({ own: half }) => this.model.gateways.find((gateway) => gateway.networkId === half.remoteId))
      .find((gateway) => gateway !== undefined);
    const gateway = own ?? remote;
    if (!gateway) return undefined;
    return { gateway, sites: this.model.onPremises.filter((site) => site.networkId === gateway.networkId) };
  }
}

function groupedByEach<T>(
  items: readonly T[],
  keysOf: (item: T) => readonly string[],
): ReadonlyMap<string, readonly T[]> {
  const entries = items.flatMap((item) => [...new Set(keysOf(item))].map((key) => ({ key, item })));
  const groups = grouped(entries, ({ key }) => key);
  return new Map([...groups].map(([key, group]) => [key, group.map(({ item }) => item)]));
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function found<T>(item: T | undefined, what: string, id: string): T {
  if (item === undefined) throw new Error(`The ${what} ${id} is named, and nothing makes or declares it.`);
  return item;
}
