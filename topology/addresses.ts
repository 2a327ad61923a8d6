import { addressAt, lastBlock, usableAddress } from "./cidr";
import { hubAddressSpaces } from "./hubs";
import type { BuiltHub, Region, Stamp } from "./schema";
import { namespacesWithEndpointIn } from "./zones";

/** The forwarders' static addresses: the first two that DNSSubnet leaves usable. */
export function forwarderAddresses({ dnsSubnet }: Pick<BuiltHub, "dnsSubnet">): readonly [string, string] {
  return [usableAddress(dnsSubnet, 0), usableAddress(dnsSubnet, 1)];
}

/** The block private endpoints take: the last /28 of the workload subnet, so that hosts Azure numbers from below stay clear. */
export function endpointBlock(region: { readonly spoke: Pick<Region["spoke"], "workloadSubnet"> }): string {
  return lastBlock(region.spoke.workloadSubnet, 28);
}

/** What a private endpoint in a spoke leads to. */
export type Endpoint =
  | "ownNamespace"
  | "partnerNamespace"
  | StorageEndpoint
  | "producerSite"
  | "consumerSite"
  /** A service of the user's own, by its place in the topology's list. */
  | `service${0 | 1 | 2 | 3 | 4}`;

/** A part of an app's host storage. */
export type StorageEndpoint = `${"producer" | "consumer"}${"Blob" | "Table" | "Queue"}`;

export const STORAGE_ENDPOINTS = {
  producer: { blob: "producerBlob", table: "producerTable", queue: "producerQueue" },
  consumer: { blob: "consumerBlob", table: "consumerTable", queue: "consumerQueue" },
} as const satisfies Record<string, Record<string, StorageEndpoint>>;

/**
 * Each endpoint has a slot of its own, so that adding a region or an app moves no other. The block's last address is Azure's
 * (broadcast), hence fifteen slots.
 */
const SLOTS: Record<Endpoint, number> = {
  ownNamespace: 0,
  partnerNamespace: 1,
  producerBlob: 2,
  producerTable: 3,
  producerQueue: 4,
  producerSite: 5,
  consumerSite: 6,
  consumerBlob: 7,
  consumerTable: 8,
  consumerQueue: 9,
  service0: 10,
  service1: 11,
  service2: 12,
  service3: 13,
  service4: 14,
};

export function endpointAddress(region: Region, endpoint: Endpoint): string {
  return addressAt(endpointBlock(region), SLOTS[endpoint]);
}

/** The addresses of every namespace's endpoint in this region's spoke: its own first. */
export function namespaceEndpointAddresses(stamp: Stamp, region: Region): string[] {
  const own = endpointAddress(region, "ownNamespace");
  return namespacesWithEndpointIn(stamp, region).length === 1
    ? [own]
    : [own, endpointAddress(region, "partnerNamespace")];
}

/** The endpoint in this region's spoke that leads to that region's namespace. */
export function namespaceEndpoint(spokeRegion: Region, namespaceRegion: Region): Endpoint {
  return spokeRegion.location === namespaceRegion.location ? "ownNamespace" : "partnerNamespace";
}

/** The region's networks. The forwarders that are built answer all of them. */
export function vnetAddressSpaces(region: Region): readonly string[] {
  return [...hubAddressSpaces(region), region.spoke.addressSpace];
}

/** The endpoint of the nth of the user's own services. */
export function serviceEndpoint(index: number): Endpoint {
  return `service${index as 0 | 1 | 2 | 3 | 4}`;
}
