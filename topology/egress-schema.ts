import { z } from "zod";
import { cidr, field, ipAddress } from "./fields";

const VIA = { error: "firewall, vpn-gateway or expressroute" };

const onPremisesAddressSpaces = field(
  z.array(cidr).min(1),
  "The address ranges on-premises. They overlap no VNet of the topology.",
);

const firewallSchema = z.strictObject({
  via: field(z.literal("firewall"), "Azure Firewall filters everything that leaves for the Internet."),
});

const vpnSchema = z.strictObject({
  via: field(z.literal("vpn-gateway"), "A VPN gateway sends everything that leaves to on-premises, which filters it."),
  sku: field(
    z.enum(["VpnGw1AZ", "VpnGw2AZ", "VpnGw3AZ", "VpnGw4AZ", "VpnGw5AZ"]).default("VpnGw2AZ"),
    "The SKU of the VPN gateway.",
  ),
  onPremises: field(
    z.strictObject({
      addressSpaces: onPremisesAddressSpaces,
      deviceAddress: field(ipAddress, "The public address of the on-premises VPN device."),
    }),
    "The other end of the VPN.",
  ),
});

const expressRouteSchema = z.strictObject({
  via: field(
    z.literal("expressroute"),
    "An ExpressRoute gateway. On-premises announces 0.0.0.0/0 by BGP and filters what leaves.",
  ),
  sku: field(z.enum(["ErGw1AZ", "ErGw2AZ", "ErGw3AZ"]).default("ErGw1AZ"), "The SKU of the ExpressRoute gateway.", {
    example: "ErGw2AZ",
  }),
  onPremises: field(z.strictObject({ addressSpaces: onPremisesAddressSpaces }), "The other end of the circuit."),
});

/** Where traffic for the Internet goes. */
export const egressSchema = z.discriminatedUnion("via", [firewallSchema, vpnSchema, expressRouteSchema], VIA);
