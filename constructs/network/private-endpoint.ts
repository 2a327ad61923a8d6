import { PrivateEndpoint as AzurePrivateEndpoint } from "@cdktf/provider-azurerm/lib/private-endpoint";
import type { Construct } from "constructs";
import { PRIVATE_LINK } from "../../azure-facts/private-link";
import type { ArmIds } from "../../topology/arm-ids";
import { type Endpoint, endpointAddress } from "../../topology/addresses";
import type { LinkZone } from "../../topology/names";
import type { Region } from "../../topology/schema";

export interface PrivateEndpointProps {
  readonly name: string;
  readonly resourceGroupName: string;
  readonly tags: Record<string, string>;
  /** The region whose spoke it is in; the region's zone gets the record. */
  readonly region: Region;
  readonly ids: ArmIds;
  /** What it is in the address plan. */
  readonly endpoint: Endpoint;
  /** The id of what it leads to. */
  readonly resourceId: string;
  /** What it leads to of the resource, and where its name is kept. */
  readonly zone: LinkZone;
  /** Whether the resource's owner approves it. @default false: who deploys may */
  readonly isApprovedByOwner?: boolean;
}

/** What the owner of a resource reads beside the request. */
const REQUEST = "A function app's spoke asks for this endpoint; see access.privateServices in its topology.";

/**
 * A private endpoint at its planned address in the workload subnet, registered in the zone of its region. The address is
 * static because NSG rules name it, and those are written before the endpoint exists.
 */
export function privateEndpoint(scope: Construct, id: string, props: PrivateEndpointProps): AzurePrivateEndpoint {
  const { name, resourceGroupName, tags, region, ids, endpoint, resourceId, zone, isApprovedByOwner = false } = props;
  const { subresource, member } = PRIVATE_LINK[zone];
  return new AzurePrivateEndpoint(scope, id, {
    name,
    location: region.location,
    resourceGroupName,
    tags,
    subnetId: ids.subnet(region, "workloadSubnet"),
    customNetworkInterfaceName: `${name}-nic`,
    ipConfiguration: [
      {
        name: subresource,
        subresourceName: subresource,
        // azurerm 5 asks for it.
        memberName: member,
        privateIpAddress: endpointAddress(region, endpoint),
      },
    ],
    privateServiceConnection: {
      name,
      isManualConnection: isApprovedByOwner,
      ...(isApprovedByOwner ? { requestMessage: REQUEST } : {}),
      privateConnectionResourceId: resourceId,
      subresourceNames: [subresource],
    },
    privateDnsZoneGroup: { name: "zone", privateDnsZoneIds: [ids.privateZone(region, zone)] },
  });
}
