import { PrivateEndpoint as AzurePrivateEndpoint } from "@cdktf/provider-azurerm/lib/private-endpoint";
import type { Construct } from "constructs";
import type { ArmIds } from "../../topology/arm-ids";
import { type Endpoint, endpointAddress } from "../../topology/addresses";
import type { PrivateZone } from "../../topology/names";
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
  /** Private Link's name for the part of the resource, for example "namespace". */
  readonly subresource: string;
  readonly zone: PrivateZone;
}

/**
 * A private endpoint at its planned address in the workload subnet, registered in the zone of its region. The address is
 * static because NSG rules name it, and those are written before the endpoint exists.
 */
export function privateEndpoint(scope: Construct, id: string, props: PrivateEndpointProps): AzurePrivateEndpoint {
  const { name, resourceGroupName, tags, region, ids, endpoint, resourceId, subresource, zone } = props;
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
        memberName: subresource,
        privateIpAddress: endpointAddress(region, endpoint),
      },
    ],
    privateServiceConnection: {
      name,
      isManualConnection: false,
      privateConnectionResourceId: resourceId,
      subresourceNames: [subresource],
    },
    privateDnsZoneGroup: { name: "zone", privateDnsZoneIds: [ids.privateZone(region, zone)] },
  });
}
