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

/** The block before it, which further consumers take from its end. */
export function furtherBlock(region: { readonly spoke: Pick<Region["spoke"], "workloadSubnet"> }): string {
  return `${addressAt(endpointBlock(region), -FURTHER_ADDRESSES)}/28`;
}

const FURTHER_ADDRESSES = 16;

/** The parts of storage that a Functions host uses. */
export const STORAGE_PARTS = ["blob", "table", "queue"] as const;

/** What an app has endpoints for. */
export type AppPart = (typeof STORAGE_PARTS)[number] | "site";

const APP_PARTS: readonly AppPart[] = ["site", ...STORAGE_PARTS];

type FixedEndpoint = "ownNamespace" | "partnerNamespace" | `${"producer" | "consumer"}:${AppPart}`;

/** What a private endpoint in a spoke leads to. */
export type Endpoint =
  | FixedEndpoint
  /** A service of the user's own, by its place in the topology's list. */
  | `service:${number}`
  /** A part of a further consumer, by the consumer's place in the topology's list. */
  | `further:${number}:${AppPart}`;

/**
 * Each endpoint has a slot of its own, so that adding a region or an app moves no other. The block's last address is Azure's
 * (broadcast), hence fifteen slots; services take the last five.
 */
const SLOTS: Readonly<Record<FixedEndpoint, number>> = {
  ownNamespace: 0,
  partnerNamespace: 1,
  "producer:blob": 2,
  "producer:table": 3,
  "producer:queue": 4,
  "producer:site": 5,
  "consumer:site": 6,
  "consumer:blob": 7,
  "consumer:table": 8,
  "consumer:queue": 9,
};
const FIRST_SERVICE = 10;

function slotOf(endpoint: Endpoint): number {
  const [kind = "", index = "", part = ""] = endpoint.split(":");
  if (kind === "service") return FIRST_SERVICE + Number(index);
  if (kind === "further") return -1 - Number(index) * APP_PARTS.length - APP_PARTS.indexOf(part as AppPart);
  return SLOTS[endpoint as FixedEndpoint];
}

export function endpointAddress(region: Region, endpoint: Endpoint): string {
  return addressAt(endpointBlock(region), slotOf(endpoint));
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
