import { networkOf } from "../../../azure-facts/arm-ids";
import { allOf } from "../../packets/addresses";
import { Intervals } from "../../packets/intervals";
import { portsOf, servicesOf } from "../../packets/services";
import type { Network, NetworkInterface, NextHop, Peering, RouteTable, SecurityGroup, Subnet } from "../model";
import {
  type ArmDocument,
  bodiesOf,
  bodyOf,
  type Body,
  type Documents,
  itemOf,
  need,
  originOf,
  propertiesOf,
  referenceOf,
  stringOf,
  stringsOf,
} from "./documents";

const VNETS = "Microsoft.Network/virtualNetworks";

export function networksIn(documents: Documents): Network[] {
  return documents.of(VNETS).map((document) => {
    const properties = propertiesOf(document);
    const prefixes = stringsOf(bodyOf(properties, "addressSpace"), "addressPrefixes");
    const location = stringOf(document, "location");
    return {
      ...itemOf(document),
      ...(location === undefined ? {} : { location }),
      addresses: allOf(prefixes),
      prefixes,
      dnsServers: stringsOf(bodyOf(properties, "dhcpOptions"), "dnsServers"),
      isDeclared: false,
    };
  });
}

export function subnetsIn(documents: Documents): Subnet[] {
  return documents.of(`${VNETS}/subnets`).map((document) => {
    const properties = propertiesOf(document);
    const prefix = stringOf(properties, "addressPrefix");
    const listed = stringsOf(properties, "addressPrefixes");
    const prefixes = listed.length > 0 ? listed : prefix === undefined ? [] : [prefix];
    const securityGroupId = referenceOf(properties, "networkSecurityGroup");
    const routeTableId = referenceOf(properties, "routeTable");
    const [delegation] = bodiesOf(properties, "delegations");
    const service = stringOf(propertiesOf(delegation), "serviceName");
    const policies = stringOf(properties, "privateEndpointNetworkPolicies") ?? "Disabled";
    return {
      ...itemOf(document),
      networkId: networkOf(document.id).toLowerCase(),
      addresses: allOf(prefixes),
      prefixes,
      ...(securityGroupId === undefined ? {} : { securityGroupId }),
      ...(routeTableId === undefined ? {} : { routeTableId }),
      ...(service === undefined ? {} : { delegation: service }),
      endpointPolicies: {
        securityGroup: policies === "Enabled" || policies === "NetworkSecurityGroupEnabled",
        routes: policies === "Enabled" || policies === "RouteTableEnabled",
      },
      hasDefaultOutbound: properties.defaultOutboundAccess !== false,
    };
  });
}

/** Those of private endpoints are no hosts. */
export function interfacesIn(documents: Documents): NetworkInterface[] {
  const ofEndpoints = new Set(
    documents
      .of("Microsoft.Network/privateEndpoints")
      .flatMap((endpoint) => bodiesOf(propertiesOf(endpoint), "networkInterfaces"))
      .map((reference) => stringOf(reference, "id")?.toLowerCase()),
  );
  return documents
    .of("Microsoft.Network/networkInterfaces")
    .filter(({ id }) => !ofEndpoints.has(id.toLowerCase()))
    .flatMap((document) => {
      const properties = propertiesOf(document);
      const securityGroupId = referenceOf(properties, "networkSecurityGroup");
      return bodiesOf(properties, "ipConfigurations").map((configuration) => {
        const own = propertiesOf(configuration);
        const publicId = referenceOf(own, "publicIPAddress");
        return {
          ...itemOf(document),
          subnetId: referenceOf(own, "subnet") ?? "",
          address: need(own, "privateIPAddress", document),
          ...(securityGroupId === undefined ? {} : { securityGroupId }),
          forwardsPackets: properties.enableIPForwarding === true,
          ...(publicId === undefined ? {} : publicAddressOf(documents, publicId)),
        };
      });
    });
}

/** The address that Azure has chosen. */
export function publicAddressOf(documents: Documents, id: string): { readonly publicAddress?: string } {
  const address = stringOf(propertiesOf(documents.get(id)), "ipAddress");
  return address === undefined ? {} : { publicAddress: address };
}

export function securityGroupsIn(documents: Documents): SecurityGroup[] {
  return documents.of("Microsoft.Network/networkSecurityGroups").map((document) => ({
    ...itemOf(document),
    rules: bodiesOf(propertiesOf(document), "securityRules")
      .map((rule) => ruleOf(rule, document))
      .sort((one, other) => one.priority - other.priority),
  }));
}

function ruleOf(rule: Body, group: ArmDocument): SecurityGroup["rules"][number] {
  const properties = propertiesOf(rule);
  const name = stringOf(rule, "name") ?? "";
  return {
    name,
    reason: stringOf(properties, "description") ?? "",
    priority: Number(properties.priority),
    direction: properties.direction === "Inbound" ? "Inbound" : "Outbound",
    allows: properties.access === "Allow",
    service: servicesOf(need(properties, "protocol", group), either(properties, "destinationPortRange")),
    sourcePort: Intervals.union(either(properties, "sourcePortRange").map(portsOf)),
    sources: either(properties, "sourceAddressPrefix", "sourceAddressPrefixes"),
    destinations: either(properties, "destinationAddressPrefix", "destinationAddressPrefixes"),
    origin: originOf(`${group.id}/securityRules/${name}`),
  };
}

function either(properties: Body, one: string, many = `${one}s`): string[] {
  const single = stringOf(properties, one);
  return [...(single === undefined ? [] : [single]), ...stringsOf(properties, many)];
}

export function routeTablesIn(documents: Documents): RouteTable[] {
  return documents.of("Microsoft.Network/routeTables").map((document) => ({
    ...itemOf(document),
    takesBgp: propertiesOf(document).disableBgpRoutePropagation !== true,
    routes: bodiesOf(propertiesOf(document), "routes").map((route) => {
      const properties = propertiesOf(route);
      const address = stringOf(properties, "nextHopIpAddress");
      const name = stringOf(route, "name") ?? "";
      return {
        name,
        prefix: need(properties, "addressPrefix", document),
        nextHop: need(properties, "nextHopType", document) as NextHop,
        ...(address === undefined ? {} : { address }),
        origin: originOf(`${document.id}/routes/${name}`),
      };
    }),
  }));
}

export function peeringsIn(documents: Documents): Peering[] {
  return documents.of(`${VNETS}/virtualNetworkPeerings`).map((document) => {
    const properties = propertiesOf(document);
    return {
      ...itemOf(document),
      networkId: networkOf(document.id).toLowerCase(),
      remoteId: referenceOf(properties, "remoteVirtualNetwork") ?? "",
      allowsAccess: properties.allowVirtualNetworkAccess !== false,
      allowsForwardedTraffic: properties.allowForwardedTraffic === true,
      offersGateway: properties.allowGatewayTransit === true,
      usesRemoteGateway: properties.useRemoteGateways === true,
    };
  });
}
