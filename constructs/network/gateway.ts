import { LocalNetworkGateway } from "@cdktf/provider-azurerm/lib/local-network-gateway";
import { PublicIp } from "@cdktf/provider-azurerm/lib/public-ip";
import { VirtualNetworkGateway } from "@cdktf/provider-azurerm/lib/virtual-network-gateway";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Egress } from "../../topology/schema";
import type { IEgress } from "./egress";
import type { Placement } from "./placement";

export interface GatewayProps extends Placement {
  /** The id of GatewaySubnet. */
  readonly subnetId: string;
  readonly zones: readonly string[];
  readonly egress: Exclude<Egress, { via: "firewall" }>;
}

/**
 * Forced tunneling to on-premises. A UDR can name a VPN gateway as its next hop, and the gateway then sends what has no better route
 * to its default site. It cannot name an ExpressRoute gateway: there 0.0.0.0/0 has to be announced by BGP, so no route is set and
 * propagation stays on (learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview).
 *
 * The connection or circuit is not made here: it needs a shared key or an authorization, and a secret would end up in the state.
 */
export class Gateway extends Construct implements IEgress {
  readonly defaultRoute?: { nextHopType: string };
  readonly bgpRoutePropagation: boolean;
  readonly gatewayTransit = true;
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { subnetId, zones, egress, ...placement }: GatewayProps) {
    super(scope, id);
    const address = new PublicIp(this, "public-ip", {
      ...placement,
      name: "hub-gateway-ip",
      allocationMethod: "Static",
      sku: "Standard",
      zones: [...zones],
    });
    const onPremisesDevice =
      egress.via === "vpn-gateway"
        ? new LocalNetworkGateway(this, "on-premises", {
            ...placement,
            name: "on-premises",
            gatewayAddress: egress.onPremises.deviceAddress,
            addressSpace: egress.onPremises.addressSpaces,
          })
        : undefined;
    const gateway = new VirtualNetworkGateway(this, "gateway", {
      ...placement,
      name: "hub-gateway",
      type: egress.via === "vpn-gateway" ? "Vpn" : "ExpressRoute",
      sku: egress.sku,
      ...(egress.via === "vpn-gateway" ? { vpnType: "RouteBased", generation: generationOf(egress.sku) } : {}),
      defaultLocalNetworkGatewayId: onPremisesDevice?.id,
      ipConfiguration: [{ name: "gateway", subnetId, publicIpAddressId: address.id }],
    });
    if (egress.via === "vpn-gateway") this.defaultRoute = { nextHopType: "VirtualNetworkGateway" };
    this.bgpRoutePropagation = egress.via === "expressroute";
    this.ready = [gateway];
  }
}

/** VpnGw1 exists in the first generation only, the larger ones in both: the second has twice the throughput. */
function generationOf(sku: string): string {
  return sku === "VpnGw1AZ" ? "Generation1" : "Generation2";
}
