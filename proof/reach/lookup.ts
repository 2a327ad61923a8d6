import type {
  Endpoint,
  Firewall,
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
