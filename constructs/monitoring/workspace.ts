import { LogAnalyticsWorkspace } from "@cdktf/provider-azurerm/lib/log-analytics-workspace";
import type { Construct } from "constructs";
import { NAMES } from "../../topology/names";
import type { Placement } from "../network/placement";
import type { InternetAccess } from "./internet-access";

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
  /** What a new one accepts. @default Azure accepts both reads and writes */
  readonly internetAccess?: InternetAccess;
}

export function workspace(
  scope: Construct,
  id: string,
  { existingId, retentionInDays, internetAccess, ...placement }: WorkspaceProps,
): IWorkspace {
  if (existingId !== undefined) return { id: existingId };
  return new LogAnalyticsWorkspace(scope, id, {
    ...placement,
    ...internetAccess,
    name: NAMES.logAnalytics,
    sku: "PerGB2018",
    retentionInDays,
    localAuthenticationEnabled: false,
  });
}
