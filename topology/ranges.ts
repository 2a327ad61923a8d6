import { contains, overlap } from "./cidr";
import { hubAddressSpaces } from "./hubs";
import type { Region, Stamp } from "./schema";

/** Where ranges that the topology names for a stamp are, seen from one region. */
export interface Whereabouts {
  readonly inWorkloadSubnet: readonly string[];
  readonly inHub: readonly string[];
  /** In neither network: they come through the hub's firewall or gateway. */
  readonly beyond: readonly string[];
}

/** Ranges in another region's networks are left out: there they are at home, and no site has a record in another region's zones. */
export function whereabouts(stamp: Stamp, region: Region, ranges: readonly string[]): Whereabouts {
  const others = stamp.regions.filter((other) => other !== region);
  const own = ranges.filter(
    (range) => !others.some((other) => ownSpaces(other, region).some((space) => overlap(space, range))),
  );
  const inWorkloadSubnet = own.filter((range) => contains(region.spoke.workloadSubnet, range));
  const inHub = own.filter((range) => hubAddressSpaces(region).some((space) => contains(space, range)));
  return {
    inWorkloadSubnet,
    inHub,
    beyond: own.filter((range) => !inWorkloadSubnet.includes(range) && !inHub.includes(range)),
  };
}

/** A region's networks, without a hub that it shares with the region that is looked from. */
function ownSpaces(other: Region, region: Region): readonly string[] {
  const shared = hubAddressSpaces(region);
  return [...hubAddressSpaces(other).filter((space) => !shared.includes(space)), other.spoke.addressSpace];
}
