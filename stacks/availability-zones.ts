import type { Region } from "../topology/schema";

/** The availability zones a region's resources spread over; none where the topology does without. */
export function availabilityZonesOf(region: Region): readonly string[] {
  return region.zoneRedundant ? ["1", "2", "3"] : [];
}
