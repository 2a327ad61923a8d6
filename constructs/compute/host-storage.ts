import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import { Construct } from "constructs";
import { ROLES } from "../../azure-facts/built-in-roles";
import type { ArmIds } from "../../topology/arm-ids";
import type { Region } from "../../topology/schema";
import { STORAGE_PARTS } from "../../topology/addresses";
import type { PlannedApp } from "../../topology/apps";
import { diagnostics } from "../monitoring/diagnostics";
import type { Placement } from "../network/placement";
import { privateEndpoint } from "../network/private-endpoint";

export interface HostStorageProps extends Placement {
  readonly region: Region;
  readonly ids: ArmIds;
  /** Whose host it is. */
  readonly app: PlannedApp;
  readonly logAnalyticsWorkspaceId: string;
}

/** What a Functions host uses its storage for needs all three (learn.microsoft.com/azure/azure-functions/functions-reference). */
export const HOST_STORAGE_ROLES = [
  ROLES.blobOwner.name,
  ROLES.queueContributor.name,
  ROLES.tableContributor.name,
] as const;

/** Days for which a host's keys, which Functions keeps as blobs, can be brought back after they were deleted. Resource Manager takes 1 to 365. */
const RECOVERABLE_DAYS = 7;

/**
 * The storage of one app's Functions host: no keys, no public access, an endpoint for each part that the host uses. Each app has its own: a host is its storage's data owner, and
 * an app that can write another's account could change how that app runs.
 */
export class HostStorage extends Construct {
  readonly account: StorageAccount;
  /** The hosts cannot start before these. */
  readonly endpoints;

  constructor(
    scope: Construct,
    id: string,
    { region, ids, app, logAnalyticsWorkspaceId, ...placement }: HostStorageProps,
  ) {
    super(scope, id);
    const name = app.storageAccount;
    this.account = new StorageAccount(this, "account", {
      ...placement,
      name,
      accountKind: "StorageV2",
      accountTier: "Standard",
      accountReplicationType: region.zoneRedundant ? "ZRS" : "LRS",
      minTlsVersion: "TLS1_2",
      httpsTrafficOnlyEnabled: true,
      sharedAccessKeyEnabled: false,
      defaultToOauthAuthentication: true,
      localUserEnabled: false,
      allowNestedItemsToBePublic: false,
      crossTenantReplicationEnabled: false,
      allowedCopyScope: "PrivateLink",
      publicNetworkAccessEnabled: false,
      blobProperties: {
        deleteRetentionPolicy: { days: RECOVERABLE_DAYS },
        containerDeleteRetentionPolicy: { days: RECOVERABLE_DAYS },
      },
    });
    this.endpoints = STORAGE_PARTS.map((part) =>
      privateEndpoint(this, part, {
        name: `${name}-${part}`,
        resourceGroupName: placement.resourceGroupName,
        tags: placement.tags,
        region,
        ids,
        endpoint: app.endpoint(part),
        resourceId: this.account.id,
        zone: part,
      }),
    );
    for (const part of STORAGE_PARTS) {
      diagnostics(this, `${part}-logs`, {
        targetResourceId: `${this.account.id}/${part}Services/default`,
        logAnalyticsWorkspaceId,
        // Storage has no category for all of its metrics.
        metrics: ["Transaction"],
      });
    }
  }
}
