import { MonitorPrivateLinkScope } from "@cdktf/provider-azurerm/lib/monitor-private-link-scope";
import { MonitorPrivateLinkScopedService } from "@cdktf/provider-azurerm/lib/monitor-private-link-scoped-service";
import { PrivateEndpoint } from "@cdktf/provider-azurerm/lib/private-endpoint";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { MONITOR_SCOPE } from "../../azure-facts/private-monitoring";
import type { ArmIds } from "../../topology/arm-ids";
import { NAMES } from "../../topology/names";
import type { Region, Stamp } from "../../topology/schema";
import { MONITOR_ZONE_KEYS, monitoringRegion } from "../../topology/zones";
import type { Placement } from "../network/placement";

export interface PrivateScopeProps extends Placement {
  readonly stamp: Stamp;
  readonly region: Region;
  readonly ids: ArmIds;
  /** The ARM ids of what the region's apps write to, by a name in the scope. */
  readonly members: Readonly<Record<string, string>>;
}

const MODES = { "private-only": "PrivateOnly", open: "Open" } as const;

/**
 * A region's part in an Azure Monitor Private Link Scope: what it writes to is in the scope; the scope and its endpoint are in the region whose zones have its names. One member
 * is added after another, because each changes the scope; the endpoint comes after the members of its region: its names follow from them. What another region adds later changes the endpoint's names.
 */
export function privateScope(scope: Construct, { stamp, region, ids, members, ...placement }: PrivateScopeProps): void {
  const home = monitoringRegion(stamp, region);
  const isHome = home.location === region.location;
  const { ingestion, query } = stamp.privateLinkScope;
  const made = isHome
    ? new MonitorPrivateLinkScope(scope, "monitoring", {
        name: NAMES.monitorScope,
        resourceGroupName: placement.resourceGroupName,
        ingestionAccessMode: MODES[ingestion],
        queryAccessMode: MODES[query],
        tags: placement.tags,
      })
    : undefined;
  const before: ITerraformDependable[] = [];
  for (const [name, linkedResourceId] of Object.entries(members)) {
    const member = new MonitorPrivateLinkScopedService(scope, `monitoring-${name}`, {
      name: `${region.location}-${name}`,
      resourceGroupName: home.resourceGroups.workload,
      scopeName: made?.name ?? NAMES.monitorScope,
      linkedResourceId,
      dependsOn: before.slice(-1),
    });
    before.push(member);
  }
  if (!made) return;
  new PrivateEndpoint(scope, "monitoring-endpoint", {
    ...placement,
    name: "azure-monitor",
    subnetId: ids.subnet(region, "monitoringSubnet"),
    customNetworkInterfaceName: "azure-monitor-nic",
    privateServiceConnection: {
      name: "azure-monitor",
      isManualConnection: false,
      privateConnectionResourceId: made.id,
      subresourceNames: [MONITOR_SCOPE.subresource],
    },
    privateDnsZoneGroup: {
      name: "zones",
      privateDnsZoneIds: [...MONITOR_ZONE_KEYS, "blob" as const].map((zone) => ids.privateZone(region, zone)),
    },
    dependsOn: before,
  });
}
