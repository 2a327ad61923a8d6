import { armId } from "../../../synthesized/arm-id";
import { ChosenAddresses } from "../../../synthesized/chosen-addresses";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { all } from "../../../synthesized/resources";
import {
  flag,
  idIn,
  optionalText,
  type Part,
  partOf,
  partsIn,
  text,
  texts,
} from "../../../synthesized/views/attributes";
import { allOf } from "../../packets/addresses";
import type { Network, NetworkInterface, Peering, Subnet } from "../model";
import { originOf } from "./origins";
import { publicAddressIn } from "./public-addresses";

export function networksIn(stacks: readonly SynthesizedStack[]): Network[] {
  const servers = all(stacks, "azurerm_virtual_network_dns_servers").map(partOf);
  return all(stacks, "azurerm_virtual_network").map((resource) => {
    const network = partOf(resource);
    const id = armId(resource);
    const separate = servers.find((each) => idIn(each, "virtual_network_id") === id);
    return {
      id,
      name: text(network, "name"),
      origin: originOf(network),
      location: text(network, "location"),
      addresses: allOf(texts(network, "address_space")),
      prefixes: texts(network, "address_space"),
      dnsServers: separate ? texts(separate, "dns_servers") : texts(network, "dns_servers"),
      isDeclared: false,
    };
  });
}

const POLICIES: Readonly<Record<string, Subnet["endpointPolicies"]>> = {
  Disabled: { securityGroup: false, routes: false },
  Enabled: { securityGroup: true, routes: true },
  NetworkSecurityGroupEnabled: { securityGroup: true, routes: false },
  RouteTableEnabled: { securityGroup: false, routes: true },
};

export function subnetsIn(stacks: readonly SynthesizedStack[]): Subnet[] {
  const groups = associated(stacks, "azurerm_subnet_network_security_group_association", "network_security_group_id");
  const tables = associated(stacks, "azurerm_subnet_route_table_association", "route_table_id");
  const separate = all(stacks, "azurerm_subnet").map((resource) => {
    const id = armId(resource);
    return subnetOf(partOf(resource), id, { securityGroupId: groups.get(id), routeTableId: tables.get(id) });
  });
  const inline = all(stacks, "azurerm_virtual_network").flatMap((network) =>
    partsIn(partOf(network), "subnet").map((subnet) =>
      subnetOf(subnet, `${armId(network)}/subnets/${text(subnet, "name").toLowerCase()}`, {
        securityGroupId: optionalText(subnet, "security_group")?.toLowerCase(),
        routeTableId: optionalText(subnet, "route_table_id")?.toLowerCase(),
      }),
    ),
  );
  return [...separate, ...inline];
}

interface Guards {
  readonly securityGroupId?: string | undefined;
  readonly routeTableId?: string | undefined;
}

function subnetOf(subnet: Part, id: string, { securityGroupId, routeTableId }: Guards): Subnet {
  const [delegation] = partsIn(subnet, "delegation");
  const [service] = delegation ? partsIn(delegation, "service_delegation") : [];
  const policies = optionalText(subnet, "private_endpoint_network_policies") ?? "Disabled";
  const prefixes = texts(subnet, "address_prefixes");
  return {
    id,
    name: text(subnet, "name"),
    origin: originOf(subnet),
    networkId: id.replace(/\/subnets\/[^/]+$/, ""),
    addresses: allOf(prefixes),
    prefixes,
    ...(securityGroupId === undefined ? {} : { securityGroupId }),
    ...(routeTableId === undefined ? {} : { routeTableId }),
    ...(service ? { delegation: text(service, "name") } : {}),
    endpointPolicies: POLICIES[policies] ?? unknownPolicies(subnet, policies),
    hasDefaultOutbound: flag(subnet, "default_outbound_access_enabled", true),
  };
}

function unknownPolicies({ path }: Part, policies: string): never {
  throw new Error(`${path}.private_endpoint_network_policies is "${policies}", which Azure does not know.`);
}

/** What associations name under a key, by the subnet. */
function associated(stacks: readonly SynthesizedStack[], type: string, key: string): ReadonlyMap<string, string> {
  return new Map(
    all(stacks, type)
      .map(partOf)
      .map((each) => [idIn(each, "subnet_id"), idIn(each, key)]),
  );
}

export function peeringsIn(stacks: readonly SynthesizedStack[]): Peering[] {
  const networks = all(stacks, "azurerm_virtual_network");
  return all(stacks, "azurerm_virtual_network_peering").map((resource) => {
    const peering = partOf(resource);
    const name = text(peering, "virtual_network_name");
    const group = text(peering, "resource_group_name").toLowerCase();
    const own = networks
      .map(armId)
      .find((id) => id.endsWith(`/virtualnetworks/${name.toLowerCase()}`) && id.includes(`/resourcegroups/${group}/`));
    if (own === undefined) {
      throw new Error(`${peering.path}.virtual_network_name is "${name}", and no network of its group has that name.`);
    }
    return {
      id: `${own}/virtualnetworkpeerings/${text(peering, "name").toLowerCase()}`,
      name: text(peering, "name"),
      origin: originOf(peering),
      networkId: own,
      remoteId: idIn(peering, "remote_virtual_network_id"),
      allowsAccess: flag(peering, "allow_virtual_network_access", true),
      allowsForwardedTraffic: flag(peering, "allow_forwarded_traffic", false),
      offersGateway: flag(peering, "allow_gateway_transit", false),
      usesRemoteGateway: flag(peering, "use_remote_gateways", false),
    };
  });
}

export function interfacesIn(stacks: readonly SynthesizedStack[]): NetworkInterface[] {
  const groups = new Map(
    all(stacks, "azurerm_network_interface_security_group_association")
      .map(partOf)
      .map((each) => [idIn(each, "network_interface_id"), idIn(each, "network_security_group_id")]),
  );
  const chosen = new ChosenAddresses(stacks);
  return all(stacks, "azurerm_network_interface").flatMap((resource) => {
    const nic = partOf(resource);
    const id = armId(resource);
    const securityGroupId = groups.get(id);
    return partsIn(nic, "ip_configuration").map((configuration, index) => ({
      id,
      name: text(nic, "name"),
      origin: originOf(configuration),
      subnetId: idIn(configuration, "subnet_id"),
      address: optionalText(configuration, "private_ip_address") ?? chosen.of(id, index),
      ...(securityGroupId === undefined ? {} : { securityGroupId }),
      forwardsPackets: flag(nic, "ip_forwarding_enabled", false),
      ...publicAddressIn(configuration),
    }));
  });
}
