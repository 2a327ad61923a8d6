import { build, only, stackNamed } from "../support/build";
import { topologyWith, viaGateway } from "../support/topologies";

test.each([
  ["vpn-gateway", "Vpn", "VirtualNetworkGateway"],
  ["expressroute", "ExpressRoute", undefined],
] as const)("with egress via %s the hub has that gateway and no firewall, and routes lead to it", (via, type, hop) => {
  const network = stackNamed(build(topologyWith(viaGateway(via))), "network-eastus2");
  expect(only(network, "azurerm_virtual_network_gateway")).toMatchObject({ type });
  expect(network.json.resource?.azurerm_firewall).toBeUndefined();
  const tables = Object.values(network.json.resource?.azurerm_route_table ?? {});
  expect(tables).toHaveLength(2);
  for (const table of tables) {
    const routes = (table.route ?? []) as { next_hop_type: string; address_prefix: string }[];
    expect(
      routes.filter(({ address_prefix }) => address_prefix === "0.0.0.0/0").map((each) => each.next_hop_type),
    ).toEqual(hop === undefined ? [] : [hop]);
    // On-premises announces 0.0.0.0/0 by BGP to an ExpressRoute gateway.
    expect(table.bgp_route_propagation_enabled).toBe(via === "expressroute");
  }
});
