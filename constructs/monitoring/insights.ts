import { ApplicationInsights } from "@cdktf/provider-azurerm/lib/application-insights";
import { MonitorActionGroup } from "@cdktf/provider-azurerm/lib/monitor-action-group";
import type { Construct } from "constructs";
import type { Placement } from "../network/placement";
import type { InternetAccess } from "./internet-access";

export interface InsightsProps extends Placement {
  readonly name: string;
  /** The region's Log Analytics workspace. */
  readonly workspaceId: string;
  /** @default Azure accepts both reads and writes */
  readonly internetAccess?: InternetAccess;
}

/** Azure's own name for the group that its smart detection notifies (terraform-provider-azurerm#18026). */
const SMART_DETECTION = "Application Insights Smart Detection";

/**
 * Application Insights that takes Entra tokens only: its connection string names a place and opens nothing.
 *
 * Azure makes an action group beside it where there is none of this name, and leaves it behind: a teardown then stops at a group that is not empty. So the group
 * is declared here first, without a receiver, and is deleted with the stack.
 */
export function insights(
  scope: Construct,
  id: string,
  { workspaceId, internetAccess, ...rest }: InsightsProps,
): ApplicationInsights {
  const group = new MonitorActionGroup(scope, `${id}-smart-detection`, {
    name: SMART_DETECTION,
    resourceGroupName: rest.resourceGroupName,
    shortName: "SmartDetect",
    tags: rest.tags,
  });
  return new ApplicationInsights(scope, id, {
    ...rest,
    ...internetAccess,
    workspaceId,
    applicationType: "Node.JS",
    localAuthenticationDisabled: true,
    dependsOn: [group],
  });
}
