import { addressesText, allOf } from "../packets/addresses";
import { Intervals } from "../packets/intervals";
import { partOf, type Place } from "../reach/place";
import type { Reach } from "../reach/reach";
import type { RegionParts } from "./region-parts";

/** Places that hold some of the ranges that the topology names for a region: in workload-subnet, in the hub, or beyond both. */
export function placesIn(parts: RegionParts, ranges: readonly string[], reach: Reach): Place[] {
  const wanted = allOf(ranges);
  const { stamp, region, spoke, hub, workload, hubHosts } = parts;
  const others = stamp.regions
    .filter((other) => other !== region)
    .map((other) => allOf([other.spoke.addressSpace, ...(other.hub ? [other.hub.addressSpace] : [])]));
  const own = wanted.minus(Intervals.union(others));
  const near = reach.places.filter(
    (place) =>
      (place.kind === "subnet" && place.subnet === workload) ||
      hubHosts.includes(place) ||
      (place.kind === "network" && place.network === hub),
  );
  const far = reach.places.filter(
    ({ kind, firewall, gateway }) =>
      (kind === "beyond" && firewall?.networkId === hub.id && servesSpoke(firewall.id, spoke.name)) ||
      (kind === "on-premises" && gateway?.networkId === hub.id),
  );
  return [...near, ...far]
    .filter(({ addresses }) => !addresses.and(own).isEmpty)
    .map((place) => {
      const part = place.addresses.and(own);
      const asks = place.subnet === workload ? undefined : serversOf(parts, reach);
      return partOf(place, part, `${place.name}, of it ${addressesText(part)}`, asks);
    });
}

/** An existing hub's filter is declared once for each spoke. */
function servesSpoke(firewallId: string, spoke: string): boolean {
  return !firewallId.includes("-for-") || firewallId.includes(`-for-${spoke.toLowerCase()}-`);
}

/** Hosts in the hub and beyond it know the region's names where they ask the servers that the spoke asks. */
function serversOf({ region, hub }: RegionParts, { model }: Reach): readonly string[] {
  if (region.existingHub) return region.existingHub.dns.servers;
  return model.forwarders.filter(({ networkId }) => networkId === hub.id).flatMap(({ addresses }) => addresses);
}
