import { matchesHost } from "../../../azure-facts/service-tag-hosts";
import { listensOn } from "../../../azure-facts/endpoint-ports";
import type { Firewall, Model, Subnet } from "../../../proof/network/model";
import { addressesOf, addressText } from "../../../proof/packets/addresses";
import { Intervals } from "../../../proof/packets/intervals";

/** A network interface of the lab: a network namespace of its own. */
export interface Host {
  /** Its namespace. The router's end of its link is `p-` and this. */
  readonly name: string;
  readonly address: string;
  readonly networkId: string;
  readonly subnet?: Subnet;
  /** Its own group before its subnet's; an endpoint's only where its subnet says so. */
  readonly groupIds: readonly string[];
  /** The name of the place in the model that it is a host of. @default it sends nothing of its own */
  readonly place?: string;
  /** What an endpoint passes on. @default everything */
  readonly ports?: readonly number[];
  /** Where what it sends goes, without a look at routes: a network beyond a hub is behind its firewall. */
  readonly behind?: Firewall;
  readonly firewall?: Firewall;
}

/** What answers on the Internet. */
export interface PublicHost {
  readonly name: string;
  readonly address: string;
}

/** Addresses that Azure keeps at both ends of a subnet. */
const KEPT = { first: 4, last: 1 };
const BEYOND = "172.31.0.9";

/** Every interface of a model, and a host for each part of a subnet that some rule tells apart. */
export function hostsOf(model: Model): Host[] {
  const at = (id: string) => found(model.subnets.find((subnet) => subnet.id === id));
  const guards = (subnet: Subnet, own?: string) => [own, subnet.securityGroupId].filter((id) => id !== undefined);
  const hosts: Omit<Host, "name">[] = [
    ...model.interfaces.map(({ name, address, subnetId, securityGroupId }) => {
      const subnet = at(subnetId);
      return {
        address,
        networkId: subnet.networkId,
        subnet,
        groupIds: guards(subnet, securityGroupId),
        place: `machine ${name}`,
      };
    }),
    ...model.endpoints.map(({ address, part, subnetId }) => {
      const subnet = at(subnetId);
      const { securityGroup } = subnet.endpointPolicies;
      return {
        address,
        networkId: subnet.networkId,
        subnet,
        groupIds: securityGroup ? guards(subnet) : [],
        ports: listensOn(part) ?? [],
      };
    }),
    ...model.subnets.flatMap((subnet) =>
      partsOf(subnet, model).map((address) => ({
        address,
        networkId: subnet.networkId,
        subnet,
        groupIds: guards(subnet),
        place: `${locationOf(subnet.networkId, model)}/${subnet.name}`,
      })),
    ),
    ...model.apps.flatMap(({ name, subnetId }, index) => {
      if (subnetId === undefined) return [];
      const subnet = at(subnetId);
      const [first] = subnet.addresses.ranges[0] ?? [0];
      const address = addressText(first + KEPT.first + 10 + index);
      return [{ address, networkId: subnet.networkId, subnet, groupIds: guards(subnet), place: `app ${name}` }];
    }),
    ...model.networks.map((network) => {
      const taken = Intervals.union(
        model.subnets.filter(({ networkId }) => networkId === network.id).map(({ addresses }) => addresses),
      );
      const address = addressText(network.addresses.minus(taken).first + 9);
      return { address, networkId: network.id, groupIds: [], place: `${locationOf(network.id, model)}/other subnets` };
    }),
    ...model.firewalls.flatMap((firewall) => {
      const { networkId, address } = firewall;
      const subnet = model.subnets.find(
        (each) => each.networkId === networkId && addressesOf(address).isWithin(each.addresses),
      );
      return [{ address, networkId, groupIds: [], firewall, ...(subnet ? { subnet } : {}) }];
    }),
    ...model.firewalls.slice(0, 1).map((firewall) => ({
      address: BEYOND,
      networkId: firewall.networkId,
      groupIds: [],
      place: `beyond ${firewall.name}`,
      behind: firewall,
    })),
  ];
  return hosts.map((host, index) => ({ ...host, name: `h${index}` }));
}

/** A name of each kind that firewall rules know, and one that none knows. */
export function publicHostsOf(model: Model): PublicHost[] {
  const listed = model.firewalls.flatMap(({ rules }) => rules.flatMap(({ hosts = [] }) => hosts));
  const names = [...new Set(listed.map((pattern) => pattern.replace(/^\*/, "any")))];
  return [...names, "unlisted.example.org"]
    .filter((name, _index, all) => all.filter((other) => matchesHost(other, name)).length > 0)
    .map((name, index) => ({ name, address: `203.0.113.${index + 1}` }));
}

/** `eastus2/spoke-vnet`, as places are named. */
function locationOf(networkId: string, { networks }: Model): string {
  const { location, name } = found(networks.find(({ id }) => id === networkId));
  return `${location ?? ""}/${name}`;
}

/** An address of each part of a subnet that a block of some rule makes; none where no host can be. */
function partsOf(subnet: Subnet, model: Model): string[] {
  const isReserved =
    subnet.delegation !== undefined || /^(AzureFirewall|Gateway|AzureBastion)Subnet$/i.test(subnet.name);
  if (isReserved) return [];
  const taken = [...model.interfaces, ...model.endpoints].map(({ address }) => addressesOf(address));
  const usable = Intervals.union(
    subnet.addresses.ranges.map(([first, last]) => Intervals.of(first + KEPT.first, last - KEPT.last)),
  ).minus(Intervals.union(taken));
  const blocks = [
    ...model.securityGroups.flatMap(({ rules }) =>
      rules.flatMap(({ sources, destinations }) =>
        [...sources, ...destinations].filter((text) => /^\d/.test(text)).map(addressesOf),
      ),
    ),
    ...model.firewalls.flatMap(({ rules }) => rules.map(({ sources }) => sources)),
  ];
  const parts = blocks.reduce(
    (all, block) => all.flatMap((part) => [part.and(block), part.minus(block)]).filter((part) => !part.isEmpty),
    [usable],
  );
  return parts.map((part) => addressText(part.first));
}

export function found<T>(item: T | undefined): T {
  if (item === undefined) throw new Error("The model is not whole.");
  return item;
}
