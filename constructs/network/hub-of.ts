import type { Construct } from "constructs";
import { vnetAddressSpaces } from "../../topology/addresses";
import { hubOf as declaredHub } from "../../topology/hubs";
import type { Region, Stamp } from "../../topology/schema";
import { BuiltHub } from "./built-hub";
import { ExistingHub } from "./existing-hub";
import type { IHub } from "./hub";
import type { Placement } from "./placement";

export interface HubProps extends Placement {
  readonly stamp: Stamp;
  readonly region: Region;
  /** Availability zones; empty where the region has none. */
  readonly zones: readonly string[];
}

/** Whether something that exists is on a port where a firewall reads no name: it may be a private endpoint, whose answers come back to the firewall's own address only. */
function isReachedByAddress({ access }: Stamp, { location }: Region): boolean {
  return access.existingEndpoints.some(
    ({ ports, regions }) => (regions?.includes(location) ?? true) && ports.some((port) => port !== 443),
  );
}

/** A region's hub: built, or another owner's. */
export function hubOf(scope: Construct, { stamp, region, zones, ...placement }: HubProps): IHub {
  const { built, existing } = declaredHub(region);
  if (existing) return ExistingHub.from(existing);
  const { egress, forwarders, ddosProtectionPlanId } = stamp;
  if (!forwarders) throw new Error("The stamp has no forwarders: validate the topology first.");
  return new BuiltHub(scope, {
    ...placement,
    ...{ hub: built, egress, forwarders, zones, ddosProtectionPlanId },
    translates: isReachedByAddress(stamp, region),
    clients: vnetAddressSpaces(region),
  });
}
