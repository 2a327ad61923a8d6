import { nameIn } from "../../azure-facts/arm-ids";
import type { Region, Stamp } from "../../topology/schema";
import { addressesOf, allOf } from "../packets/addresses";
import { Intervals } from "../packets/intervals";
import type { Endpoint, Network, Subnet } from "../network/model";
import type { Place } from "../reach/place";
import type { Reach } from "../reach/reach";

/** What a region of the topology is in the model. */
export interface RegionParts {
  readonly stamp: Stamp;
  readonly region: Region;
  readonly spoke: Network;
  readonly hub: Network;
  readonly integration: Subnet;
  readonly workload: Subnet;
  /** The addresses of the servers that the spoke is to ask. */
  readonly dns: Intervals;
  /** The apps of this region. */
  readonly apps: readonly Place[];
  /** Hosts of workload-subnet. */
  readonly hosts: Place;
  /** Hosts and machines of the hub that the topology builds. */
  readonly hubHosts: readonly Place[];
}

/** @throws Error where the stacks lack a network of the topology's */
export function regionParts(stamp: Stamp, region: Region, reach: Reach): RegionParts {
  const { model, lookup, places } = reach;
  const group = region.resourceGroups.network.toLowerCase();
  const network = (name: string) =>
    wanted(
      model.networks.find(({ id }) =>
        id.endsWith(`/resourcegroups/${group}/providers/microsoft.network/virtualnetworks/${name.toLowerCase()}`),
      ),
      `the network ${name} in ${group}`,
    );
  const spoke = network(region.spoke.name);
  const hubId = region.existingHub?.virtualNetworkId.toLowerCase();
  const hub =
    hubId === undefined
      ? network(region.hub?.name ?? "")
      : wanted(
          model.networks.find(({ id }) => id === hubId),
          hubId,
        );
  const subnet = (name: string) =>
    wanted(
      lookup.subnetsOf(spoke.id).find((each) => each.name === name),
      `the subnet ${name} of ${spoke.name}`,
    );
  const integration = subnet("integration-subnet");
  const workload = subnet("workload-subnet");
  const names = siteNames(region);
  return {
    stamp,
    region,
    spoke,
    hub,
    integration,
    workload,
    dns: region.existingHub
      ? allOf(region.existingHub.dns.servers)
      : Intervals.union(
          model.forwarders
            .filter(({ networkId }) => networkId === hub.id)
            .flatMap(({ addresses }) => addresses.map(addressesOf)),
        ),
    apps: places.filter(
      ({ app }) => app !== undefined && names.some((name) => name.toLowerCase() === app.name.toLowerCase()),
    ),
    hosts: wanted(
      places.find((place) => place.kind === "subnet" && place.subnet === workload),
      `hosts in ${workload.name}`,
    ),
    hubHosts: places.filter(
      (place) => (place.kind === "subnet" || place.kind === "machine") && place.subnet?.networkId === hub.id,
    ),
  };
}

/** The function apps of a region: a region may have no producer. */
export function siteNames({ functionApps: { producer, consumer }, consumers }: Region): string[] {
  return [...(producer === undefined ? [] : [producer]), consumer, ...consumers.map(({ functionApp }) => functionApp)];
}

/** The endpoints in a region's spoke that lead to a part of a resource, by the resource's name or ARM id. */
export function endpointsTo(
  { spoke }: RegionParts,
  reach: Reach,
  target: string,
  parts: readonly string[],
): readonly Endpoint[] {
  const wantedTarget = target.toLowerCase();
  return reach.lookup
    .endpointsOf(spoke.id)
    .filter(
      ({ targetId, part }) => parts.includes(part) && (targetId === wantedTarget || nameIn(targetId) === wantedTarget),
    );
}

export function addressesTo(endpoints: readonly Endpoint[]): Intervals {
  return Intervals.union(endpoints.map(({ addresses }) => addresses));
}

/** The storage account of the consumer's host: the first one's name with `cn` at its end, unless the topology names it. */
export function consumerAccount({ storageAccount, consumerStorageAccount }: Region): string {
  if (consumerStorageAccount !== undefined) return consumerStorageAccount;
  const start = storageAccount.slice(0, 22);
  return `${start}cn` === storageAccount ? `${start}c2` : `${start}cn`;
}

function wanted<T>(item: T | undefined, what: string): T {
  if (item === undefined) throw new Error(`The topology has ${what}, and the stacks do not.`);
  return item;
}
