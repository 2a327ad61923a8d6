import type { Connections } from "../constructs/network/connections";
import { FlowEnd } from "../constructs/network/flow-end";
import type { SpokeNetwork } from "../constructs/network/spoke-network";
import { vnetAddressSpaces } from "../topology/addresses";
import { whereabouts } from "../topology/ranges";
import type { Region, Stamp } from "../topology/schema";

export interface RangePlace {
  readonly stamp: Stamp;
  readonly region: Region;
  readonly spoke: SpokeNetwork;
}

/** The ends that ranges of the topology make: one for those in workload-subnet, one for those in the hub, one for those beyond both. */
export function rangeEnds(
  { stamp, region, spoke }: RangePlace,
  name: string,
  ranges: readonly string[],
): Connections[] {
  const { inWorkloadSubnet, inHub, beyond } = whereabouts(stamp, region, ranges);
  return [
    ...(inWorkloadSubnet.length > 0 ? [FlowEnd.within(spoke.workloadSubnet, name, inWorkloadSubnet)] : []),
    ...(inHub.length > 0 ? [FlowEnd.range(`${name}-in-hub`, inHub, vnetAddressSpaces(region))] : []),
    ...(beyond.length > 0 ? [FlowEnd.range(`${name}-beyond`, beyond, vnetAddressSpaces(region))] : []),
  ];
}
