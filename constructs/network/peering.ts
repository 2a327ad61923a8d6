import type { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import { VirtualNetworkPeering } from "@cdktf/provider-azurerm/lib/virtual-network-peering";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { NAMES } from "../../topology/names";
import type { IHub } from "./hub";

export interface PeeringProps {
  readonly hub: IHub;
  readonly spoke: VirtualNetwork;
  readonly resourceGroupName: string;
  /** The subnets of the spoke, and what is associated with them. */
  readonly after: ITerraformDependable[];
}

/**
 * Both directions, where the hub is this topology's own; an existing hub's owner adds the other one. What the firewall or gateway forwards comes from neither network, so each side accepts forwarded traffic. A spoke can
 * use the hub's gateway only once that exists and the hub offers it. A network of which a subnet is still being put cannot be peered: Azure answers
 * ReferencedResourceNotProvisioned, now and then.
 */
export function peerNetworks(
  scope: Construct,
  { hub, spoke, resourceGroupName, after: spokeParts }: PeeringProps,
): void {
  const { egress } = hub;
  const after = [...(hub.own?.subnets ?? []), ...spokeParts];
  const offered =
    hub.own &&
    new VirtualNetworkPeering(scope, "hub-to-spoke", {
      name: NAMES.hubToSpoke,
      resourceGroupName,
      virtualNetworkName: hub.own.virtualNetwork.name,
      remoteVirtualNetworkId: spoke.id,
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: true,
      allowGatewayTransit: egress.gatewayTransit,
      dependsOn: after,
    });
  new VirtualNetworkPeering(scope, "spoke-to-hub", {
    name: NAMES.spokeToHub,
    resourceGroupName,
    virtualNetworkName: spoke.name,
    remoteVirtualNetworkId: hub.virtualNetworkId,
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: true,
    useRemoteGateways: egress.gatewayTransit,
    dependsOn: [...(offered ? [offered] : after), ...(egress.gatewayTransit ? egress.ready : [])],
  });
}
