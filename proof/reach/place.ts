import { groupIn, nameIn } from "../../azure-facts/arm-ids";
import { RESERVED_AT_START, RESERVED_AT_END } from "../../azure-facts/addresses";
import { addressesOf, PRIVATE_ADDRESSES, PUBLIC_ADDRESSES } from "../packets/addresses";
import { Intervals } from "../packets/intervals";
import type { App, Firewall, Gateway, Model, Network, NetworkInterface, Subnet } from "../network/model";
import { builtInOrigin, type Origin } from "../network/origin";
import type { Lookup } from "./lookup";

/** Where connections start: hosts of a subnet, an app, a virtual machine, the Internet, on-premises, or what is connected to a hub's filter. */
export interface Place {
  /** Unique in the model: `eastus2/spoke-vnet/workload-subnet`, `app lockdown-pc-producer-eastus2`, `Internet`. */
  readonly name: string;
  readonly kind: "subnet" | "app" | "machine" | "network" | "internet" | "on-premises" | "beyond";
  readonly addresses: Intervals;
  /** Of hosts, machines and apps that are integrated. */
  readonly subnet?: Subnet;
  readonly machine?: NetworkInterface;
  readonly app?: App;
  /** Of hosts in it that are in no subnet of the stacks. */
  readonly network?: Network;
  /** The DNS servers that its hosts are declared to ask. @default those of its network */
  readonly asks?: readonly string[];
  /** Where packets of what is on-premises come in. */
  readonly gateway?: Gateway;
  /** Where packets of what is beyond come in. */
  readonly firewall?: Firewall;
  readonly origin: Origin;
}

/** Services that take a subnet for themselves: no host of one's own is in it. */
const RESERVED_SUBNETS = new Set(["azurefirewallsubnet", "gatewaysubnet", "azurebastionsubnet", "routeserversubnet"]);

export function isForHosts({ name, delegation }: Subnet): boolean {
  return delegation === undefined && !RESERVED_SUBNETS.has(name.toLowerCase());
}

/** Every place of a model, in the order of their names. */
export function placesOf(lookup: Lookup): Place[] {
  const { model } = lookup;
  const places: Place[] = [
    ...model.subnets.filter(isForHosts).map((subnet) => subnetPlace(lookup, subnet)),
    ...model.interfaces.map((machine) => ({
      name: `machine ${machine.name}`,
      kind: "machine" as const,
      addresses: addressesOf(machine.address),
      subnet: lookup.subnet(machine.subnetId),
      machine,
      origin: machine.origin,
    })),
    ...model.apps.map((app) => appPlace(lookup, app)),
    ...model.networks.map((network) => ({
      name: `${network.location ?? "existing"}/${network.name}/other subnets`,
      kind: "network" as const,
      addresses: network.addresses.minus(
        Intervals.union([
          ...lookup.subnetsOf(network.id).map(({ addresses }) => addresses),
          ...model.firewalls
            .filter(({ networkId }) => networkId === network.id)
            .map(({ ownAddresses }) => ownAddresses),
        ]),
      ),
      network,
      origin: network.origin,
    })),
    ...model.onPremises.map((site) => {
      const gateway = model.gateways.find(({ networkId }) => networkId === site.networkId);
      return {
        name: site.name,
        kind: "on-premises" as const,
        addresses: site.addresses,
        ...(gateway ? { gateway } : {}),
        origin: site.origin,
      };
    }),
    ...model.firewalls.map((firewall) => ({
      name: `beyond ${firewall.name}`,
      kind: "beyond" as const,
      addresses: beyond(model),
      firewall,
      origin: firewall.origin,
    })),
    { name: "Internet", kind: "internet", addresses: PUBLIC_ADDRESSES, origin: builtInOrigin("the Internet") },
  ];
  return named(
    places.filter(({ addresses }) => !addresses.isEmpty),
    lookup,
  ).sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Hosts of a subnet: the machines that are declared in it are places of their own, and endpoints send nothing. */
function subnetPlace(lookup: Lookup, subnet: Subnet): Place {
  const taken = [
    ...lookup.interfacesIn(subnet.id).map(({ address }) => addressesOf(address)),
    ...lookup.endpointsIn(subnet.id).map(({ addresses }) => addresses),
  ];
  return {
    name: subnetName(lookup, subnet),
    kind: "subnet",
    addresses: usable(subnet).minus(Intervals.union(taken)),
    subnet,
    origin: subnet.origin,
  };
}

function appPlace(lookup: Lookup, app: App): Place {
  const subnet = app.subnetId === undefined ? undefined : lookup.subnet(app.subnetId);
  return {
    name: `app ${app.name}`,
    kind: "app",
    addresses: subnet ? usable(subnet) : PUBLIC_ADDRESSES,
    ...(subnet ? { subnet } : {}),
    app,
    origin: app.origin,
  };
}

/** What Azure leaves of a subnet for hosts. */
export function usable(subnet: Subnet): Intervals {
  return Intervals.union(
    subnet.addresses.ranges.map(([first, last]) => Intervals.of(first + RESERVED_AT_START, last - RESERVED_AT_END)),
  );
}

/** Private addresses that no network of the model has: what is there is connected to a hub, and no stack shows how. */
function beyond(model: Model): Intervals {
  return PRIVATE_ADDRESSES.minus(Intervals.union(model.networks.map(({ addresses }) => addresses)));
}

function subnetName(lookup: Lookup, subnet: Subnet): string {
  const network = lookup.network(subnet.networkId);
  return `${network.location ?? nameIn(subnet.networkId)}/${network.name}/${subnet.name}`;
}

/** Two stamps may have the same names in a region: their resource groups tell them apart. */
function named(places: readonly Place[], lookup: Lookup): Place[] {
  const counts = new Map<string, number>();
  for (const { name } of places) counts.set(name, (counts.get(name) ?? 0) + 1);
  return places.map((place) => {
    if (counts.get(place.name) === 1) return place;
    const id = place.subnet?.id ?? place.network?.id ?? place.gateway?.id ?? place.firewall?.id ?? "";
    const network = place.firewall ? lookup.network(place.firewall.networkId) : undefined;
    const location = network?.location;
    const label = location ?? groupIn(id);
    return { ...place, name: `${place.name} (${label})` };
  });
}

/** Some hosts of a place, by their addresses. @param asks the DNS servers that they are declared to ask. @default those of the place */
export function partOf(place: Place, addresses: Intervals, name: string, asks = place.asks): Place {
  return { ...place, name, addresses: place.addresses.and(addresses), ...(asks ? { asks } : {}) };
}

/** Whether a place holds some of the hosts of another, or all of them. */
export function isPartOf(part: Place, whole: Place): boolean {
  return (
    part.kind === whole.kind &&
    part.subnet === whole.subnet &&
    part.network === whole.network &&
    part.firewall === whole.firewall &&
    part.gateway === whole.gateway &&
    part.app === whole.app &&
    part.machine === whole.machine &&
    part.addresses.isWithin(whole.addresses)
  );
}
