import { ApplicationInsights } from "@cdktf/provider-azurerm/lib/application-insights";
import type { Construct } from "constructs";
import type { Placement } from "../network/placement";

export interface InsightsProps extends Placement {
  readonly name: string;
  /** The region's Log Analytics workspace. */
  readonly workspaceId: string;
}

/** Application Insights that takes Entra tokens only: its connection string names a place and opens nothing. */
export function insights(scope: Construct, id: string, { workspaceId, ...rest }: InsightsProps): ApplicationInsights {
  return new ApplicationInsights(scope, id, {
    ...rest,
    workspaceId,
    applicationType: "Node.JS",
    localAuthenticationDisabled: true,
  });
}
