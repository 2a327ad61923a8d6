import type { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import { VirtualNetworkPeering } from "@cdktf/provider-azurerm/lib/virtual-network-peering";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { NAMES } from "../../topology/names";
import type { IEgress } from "./egress";

export interface PeeringProps {
  readonly hub: VirtualNetwork;
  readonly spoke: VirtualNetwork;
  readonly egress: IEgress;
  readonly resourceGroupName: string;
  /** The subnets of both networks, and what is associated with them. */
  readonly after: ITerraformDependable[];
}

/**
 * Both directions. What the firewall or gateway forwards comes from neither network, so each side accepts forwarded traffic. A spoke can
 * use the hub's gateway only once that exists and the hub offers it. A network of which a subnet is still being put cannot be peered: Azure answers
 * ReferencedResourceNotProvisioned, now and then.
 */
export function peerNetworks(scope: Construct, { hub, spoke, egress, resourceGroupName, after }: PeeringProps): void {
  const offered = new VirtualNetworkPeering(scope, "hub-to-spoke", {
    name: NAMES.hubToSpoke,
    resourceGroupName,
    virtualNetworkName: hub.name,
    remoteVirtualNetworkId: spoke.id,
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: true,
    allowGatewayTransit: egress.gatewayTransit,
    dependsOn: [...after],
  });
  new VirtualNetworkPeering(scope, "spoke-to-hub", {
    name: NAMES.spokeToHub,
    resourceGroupName,
    virtualNetworkName: spoke.name,
    remoteVirtualNetworkId: hub.id,
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: true,
    useRemoteGateways: egress.gatewayTransit,
    dependsOn: [offered, ...(egress.gatewayTransit ? egress.ready : [])],
  });
}
