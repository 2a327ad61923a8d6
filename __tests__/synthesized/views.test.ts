import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { appsIn } from "../../synthesized/views/app";
import { firewallRulesIn } from "../../synthesized/views/firewall-rule";
import { forwardersIn } from "../../synthesized/views/forwarder";
import { peeringsIn } from "../../synthesized/views/peering";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { rolesIn } from "../../synthesized/views/role";
import { routesIn } from "../../synthesized/views/route";
import { securityRulesIn } from "../../synthesized/views/security-rule";
import { subnetsIn } from "../../synthesized/views/subnet";
import { virtualNetworksIn } from "../../synthesized/views/virtual-network";
import { zoneLinksIn } from "../../synthesized/views/zone-link";
import { build } from "../support/build";

type Reader = (stacks: readonly SynthesizedStack[]) => readonly unknown[];

/** Each view, and an attribute without which it has nothing to show. */
const VIEWS: readonly (readonly [name: string, type: string, attribute: string, read: Reader])[] = [
  ["app", "azurerm_windows_function_app", "name", appsIn],
  [
    "firewall rule",
    "azurerm_firewall_policy_rule_collection_group",
    "application_rule_collection.0.action",
    firewallRulesIn,
  ],
  ["forwarder", "azurerm_linux_virtual_machine", "network_interface_ids", forwardersIn],
  ["peering", "azurerm_virtual_network_peering", "remote_virtual_network_id", peeringsIn],
  ["private endpoint", "azurerm_private_endpoint", "ip_configuration.0.private_ip_address", privateEndpointsIn],
  ["private endpoint", "azurerm_private_endpoint", "private_service_connection", privateEndpointsIn],
  ["role", "azurerm_role_assignment", "scope", rolesIn],
  ["route", "azurerm_route_table", "route.0.address_prefix", routesIn],
  ["security rule", "azurerm_network_security_group", "security_rule.0.direction", securityRulesIn],
  ["subnet", "azurerm_subnet", "name", subnetsIn],
  ["virtual network", "azurerm_virtual_network", "location", virtualNetworksIn],
  ["zone link", "azurerm_private_dns_zone_virtual_network_link", "virtual_network_id", zoneLinksIn],
];

/** The stacks without an attribute of each resource of a type. */
function without(type: string, attribute: string): SynthesizedStack[] {
  const stacks = structuredClone(build());
  for (const { json } of stacks) {
    for (const block of Object.values(json.resource?.[type] ?? {})) {
      const keys = attribute.split(".");
      const last = keys.pop() ?? "";
      const parent = keys.reduce<unknown>((at, key) => child(at, key), block);
      if (typeof parent === "object" && parent !== null) Reflect.deleteProperty(parent, last);
    }
  }
  return stacks;
}

/** Where a block may be one or a list, `0` is the first of either. */
function child(at: unknown, key: string): unknown {
  if (key === "0" && !Array.isArray(at)) return at;
  return (at as Readonly<Record<string, unknown>> | undefined)?.[key];
}

test.each(VIEWS)("the view of a %s reads %s, and throws where %s is missing", (_, type, attribute, read) => {
  expect(read(build()).length).toBeGreaterThan(0);
  expect(() => read(without(type, attribute))).toThrow(new RegExp(type));
});

test("a message names the stack, the resource, the attribute, what is there and what should be", () => {
  const stacks = structuredClone(build());
  const [endpoint] = Object.values(
    stacks.find(({ name }) => name === "geo-pair")?.json.resource?.azurerm_private_endpoint ?? {},
  );
  Object.assign(endpoint ?? {}, { subnet_id: 7 });
  expect(() => privateEndpointsIn(stacks)).toThrow(
    /^geo-pair: azurerm_private_endpoint\.\w+\.subnet_id is 7, and should be a text\.$/,
  );
});

test("a reference to what is not in the stack is an error, not a text", () => {
  const stacks = structuredClone(build());
  const [link] = Object.values(
    stacks.find(({ name }) => name === "network-eastus2")?.json.resource
      ?.azurerm_private_dns_zone_virtual_network_link ?? {},
  );
  Object.assign(link ?? {}, { virtual_network_id: "${azurerm_virtual_network.elsewhere.id}" });
  expect(() => zoneLinksIn(stacks)).toThrow("a reference to a resource of the same stack");
});
