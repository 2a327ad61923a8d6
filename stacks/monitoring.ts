import type { ApplicationInsights } from "@cdktf/provider-azurerm/lib/application-insights";
import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import { insights } from "../constructs/monitoring/insights";
import { internetAccessOf } from "../constructs/monitoring/internet-access";
import { privateScope } from "../constructs/monitoring/private-scope";
import type { Placement } from "../constructs/network/placement";
import type { ArmIds } from "../topology/arm-ids";
import { LOCALS } from "../topology/locals";
import type { Region, Stamp } from "../topology/schema";
import { hasPrivateMonitoring, monitoringRegion } from "../topology/zones";

export interface MonitoringProps extends Placement {
  readonly stamp: Stamp;
  readonly region: Region;
  readonly ids: ArmIds;
}

/** What a region's apps write to, and the private link to it where the topology has one. */
export function monitoring(scope: Construct, props: MonitoringProps): ApplicationInsights {
  const { stamp, region, ids, ...placement } = props;
  const workspaceId = ids.logAnalytics(stamp, region);
  const internetAccess = internetAccessOf(stamp);
  const component = insights(scope, "insights", { ...placement, name: "functions", workspaceId, internetAccess });
  if (!hasPrivateMonitoring(stamp)) return component;
  const isOthers = stamp.logAnalyticsWorkspaceId !== undefined;
  privateScope(scope, { ...props, members: { insights: component.id, ...(isOthers ? {} : { logs: workspaceId }) } });
  if (isOthers) {
    // Its owner puts it into the scope: `synthesized/views/existing-workspace.ts` reads this.
    new TerraformLocal(scope, LOCALS.existingWorkspace, {
      workspace_id: workspaceId,
      scope_id: ids.monitorScope(monitoringRegion(stamp, region)),
      is_read_privately: stamp.privateLinkScope.query === "private-only",
    });
  }
  return component;
}
