import { LogAnalyticsWorkspace } from "@cdktf/provider-azurerm/lib/log-analytics-workspace";
import type { Construct } from "constructs";
import { NAMES } from "../../topology/names";
import type { Placement } from "../network/placement";

/** Where logs and metrics go. */
export interface IWorkspace {
  /** Its ARM id. */
  readonly id: string;
}

export interface WorkspaceProps extends Placement {
  /** The ARM id of a workspace that exists: it is used as it is. @default a new one, which takes Entra tokens only */
  readonly existingId?: string;
  /** How long a new one keeps logs, in days. */
  readonly retentionInDays: number;
}

export function workspace(
  scope: Construct,
  id: string,
  { existingId, retentionInDays, ...placement }: WorkspaceProps,
): IWorkspace {
  if (existingId !== undefined) return { id: existingId };
  return new LogAnalyticsWorkspace(scope, id, {
    ...placement,
    name: NAMES.logAnalytics,
    sku: "PerGB2018",
    retentionInDays,
    localAuthenticationEnabled: false,
  });
}
