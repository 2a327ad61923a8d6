import type { ResourceType } from "../../arm/resource-type";
import { azureFirewalls, firewallPolicies, ruleCollectionGroups } from "./firewalls";
import { localNetworkGateways, virtualNetworkGateways } from "./gateways";
import { networkInterfaces } from "./network-interfaces";
import { networkSecurityGroups } from "./network-security-groups";
import { peerings } from "./peerings";
import { addressRecords, privateDnsZones, startOfAuthority, virtualNetworkLinks } from "./private-dns-zones";
import { privateDnsZoneGroups, privateEndpoints } from "./private-endpoints";
import { publicIpAddresses } from "./public-ip-addresses";
import { routeTables } from "./route-tables";
import { subnets } from "./subnets";
import { virtualNetworks } from "./virtual-networks";

/** Microsoft.Network, a file for what belongs together. */
export const NETWORK: readonly ResourceType[] = [
  virtualNetworks,
  subnets,
  peerings,
  networkSecurityGroups,
  routeTables,
  publicIpAddresses,
  azureFirewalls,
  firewallPolicies,
  ruleCollectionGroups,
  virtualNetworkGateways,
  localNetworkGateways,
  networkInterfaces,
  privateEndpoints,
  privateDnsZoneGroups,
  privateDnsZones,
  virtualNetworkLinks,
  startOfAuthority,
  addressRecords,
];
