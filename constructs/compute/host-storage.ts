import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import { Construct } from "constructs";
import type { ArmIds } from "../../topology/arm-ids";
import type { Region } from "../../topology/schema";
import type { Placement } from "../network/placement";
import { privateEndpoint } from "../network/private-endpoint";

export interface HostStorageProps extends Placement {
  readonly region: Region;
  readonly ids: ArmIds;
}

/** The parts of storage that a Functions host uses; each is a private endpoint with a zone of the same name. */
const PARTS = ["blob", "table", "queue"] as const;

/** What a Functions host uses its storage for needs all three (learn.microsoft.com/azure/azure-functions/functions-reference). */
export const HOST_STORAGE_ROLES = [
  "Storage Blob Data Owner",
  "Storage Queue Data Contributor",
  "Storage Table Data Contributor",
] as const;

/** The Functions hosts' storage: no keys, no public way in, an endpoint for each part the hosts use. */
export class HostStorage extends Construct {
  readonly account: StorageAccount;
  /** The hosts cannot start before these. */
  readonly endpoints;

  constructor(scope: Construct, id: string, { region, ids, ...placement }: HostStorageProps) {
    super(scope, id);
    this.account = new StorageAccount(this, "account", {
      ...placement,
      name: region.storageAccount,
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
      publicNetworkAccessEnabled: false,
    });
    this.endpoints = PARTS.map((part) =>
      privateEndpoint(this, part, {
        name: `${region.storageAccount}-${part}`,
        resourceGroupName: placement.resourceGroupName,
        tags: placement.tags,
        region,
        ids,
        endpoint: part,
        resourceId: this.account.id,
        subresource: part,
        zone: part,
      }),
    );
  }
}
