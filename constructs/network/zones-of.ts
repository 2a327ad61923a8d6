import type { Construct } from "constructs";
import type { ArmIds } from "../../topology/arm-ids";
import type { Region, Stamp } from "../../topology/schema";
import { plannedRecords, plannedZones } from "../../topology/zones";
import { BuiltZones } from "./built-zones";
import { ExistingZones } from "./existing-zones";
import type { IHub } from "./hub";
import type { IPrivateZones } from "./private-zones";

export interface ZonesProps {
  readonly resourceGroupName: string;
  readonly tags: Record<string, string>;
  readonly stamp: Stamp;
  readonly region: Region;
  readonly ids: ArmIds;
  readonly hub: IHub;
}

/** A region's private DNS zones: built, or another owner's. */
export function zonesOf(scope: Construct, { stamp, region, ids, hub, ...placement }: ZonesProps): IPrivateZones {
  const zones = plannedZones(stamp, region);
  const planned = { records: plannedRecords(stamp, region), ids: zones.map(({ name }) => ids.zone(region, name)) };
  if (region.privateZonesGroupId !== undefined) return ExistingZones.from({ ...planned, networkId: ids.hub(region) });
  return new BuiltZones(scope, "zones", { ...placement, ...planned, zones, hub });
}
