import { z } from "zod";
import { cidr, field, hostPattern, ipAddress, says, text, virtualNetworkName } from "./fields";

/** A hub that this topology builds. */
export const hubSchema = z.strictObject({
  name: field(virtualNetworkName, "The name of the hub VNet."),
  addressSpace: field(cidr, "The address space of the hub VNet. It overlaps no other VNet of the topology."),
  firewallSubnet: field(
    cidr.optional(),
    "AzureFirewallSubnet, /26 or larger. Needed where `egress.via` is `firewall`.",
  ),
  gatewaySubnet: field(cidr.optional(), "GatewaySubnet, /27 or larger. Needed where egress goes through a gateway."),
  dnsSubnet: field(cidr, "DNSSubnet, the subnet of the BIND forwarders. They take its first two usable addresses."),
});

const networkId = text(
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+$/,
  "the ARM id of a virtual network",
  "copy it from az network vnet show --query id",
);

const filterSchema = z.strictObject({
  address: field(ipAddress, "The address that 0.0.0.0/0 of the spoke goes to: the hub's firewall or appliance.", {
    example: "10.100.1.4",
  }),
  ranges: field(
    z.array(cidr).min(1, says("one range or more", "name the subnet of the firewall")),
    "The ranges from which the filter passes on what it admitted by name, for example AzureFirewallSubnet.",
    { example: ["10.100.1.0/26"] },
  ),
  allowsHosts: field(
    z.array(hostPattern).default([]),
    "The hosts that the filter lets this spoke's apps through to. Those that flows need and that are missing here are on the owner's list (`npm run owners`), and are not reached locally.",
    { example: ["*.in.applicationinsights.azure.com"] },
  ),
});

const dnsSchema = z.strictObject({
  servers: field(
    z.array(ipAddress).min(1, says("one server or more", "name the hub's DNS servers")),
    "The DNS servers that the spoke asks. They answer from the private DNS zones that are linked to the hub.",
    { example: ["10.100.2.4", "10.100.2.5"] },
  ),
  serves: field(
    z.array(cidr).default([]),
    "The ranges that the servers answer. If the spoke is not among them, no name resolves.",
    { example: ["10.0.0.0/8"] },
  ),
});

/** A hub that exists: nothing in it is changed. What its owner has to do is printed by `npm run owners`. */
export const existingHubSchema = z.strictObject({
  virtualNetworkId: field(networkId, "The ARM id of the hub VNet. It may be in another subscription of the tenant.", {
    example:
      "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub-rg/providers/Microsoft.Network/virtualNetworks/hub",
  }),
  addressSpaces: field(z.array(cidr).min(1), "Its address spaces. They overlap no spoke of the topology.", {
    example: ["10.100.0.0/16"],
  }),
  filter: field(filterSchema, "What filters the spoke's traffic to the Internet."),
  dns: field(dnsSchema, "Its DNS servers."),
  routesTo: field(
    z.array(cidr).default([]),
    "Ranges beyond the hub that it routes this spoke's traffic to, and from: the other region's spoke, where both regions keep their names in one set of zones.",
    { example: ["10.3.0.0/16"] },
  ),
});
