import { modelFromResourceManager } from "../../proof/network/from-resource-manager";
import { verdictOn } from "../../proof/prove";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { build } from "../support/build";
import { type Editable, edited, withResource } from "../support/edits";
import { topologyWith } from "../support/topologies";

const topology = topologyWith();
let right: SynthesizedStack[];
beforeAll(() => {
  right = build();
});

test.each([
  ["a NAT gateway", "azurerm_nat_gateway"],
  ["a load balancer", "azurerm_lb"],
  ["an application gateway", "azurerm_application_gateway"],
  ["a virtual WAN", "azurerm_virtual_wan"],
  ["a type that nothing is known of", "azurerm_something_new"],
])("%s is not modelled, and is reported by its address", (_, type) => {
  const { unmodelled, findings } = verdictOn(withResource(right, ["network-eastus2", type], { name: "x" }), {
    topology,
  });
  expect(unmodelled.map(({ resource }) => resource)).toEqual([`network-eastus2: ${type}.added`]);
  expect(findings.map(({ what }) => what).join("\n")).toContain(`network-eastus2: ${type}.added is not modelled`);
});

test("service endpoints are not modelled", () => {
  const { unmodelled } = verdictOn(
    edited(right, ["network-eastus2", "azurerm_subnet", "workload-subnet"], (subnet) => {
      subnet.set("service_endpoints", ["Microsoft.Storage"]);
    }),
  );
  expect(unmodelled).toHaveLength(1);
});

test("what cannot be resolved is an error with its place", () => {
  const { findings } = verdictOn(
    edited(right, ["network-eastus2", "azurerm_subnet", "workload-subnet"], (subnet) => {
      subnet.set("address_prefixes", ["${var.prefix}"]);
    }),
    { rules: [] },
  );
  expect(findings.map(({ what }) => what).join("\n")).toMatch(
    /network-eastus2: azurerm_subnet\.spoke_workload-subnet\w*\.address_prefixes is "\$\{var\.prefix\}"/,
  );
});

test.each<readonly [string, string, (group: Editable) => void]>([
  [
    "a NAT rule at a literal address",
    "name it by a reference",
    (group) => {
      group.set("nat_rule_collection", [
        {
          name: "in",
          priority: 100,
          action: "Dnat",
          rule: [
            {
              name: "web",
              protocols: ["TCP"],
              source_addresses: ["*"],
              destination_address: "20.1.2.3",
              destination_ports: ["443"],
              translated_address: "10.1.2.245",
              translated_port: 443,
            },
          ],
        },
      ]);
    },
  ],
  [
    "an application rule for plain HTTP on 443",
    "clients speak Https",
    (group) => {
      group.set("application_rule_collection.0.rule.0.protocols.0", { type: "Http", port: 443 });
    },
  ],
])("%s is not modelled", (_, why, edit) => {
  const { findings } = verdictOn(
    edited(right, ["network-eastus2", "azurerm_firewall_policy_rule_collection_group"], edit),
    { topology, rules: [] },
  );
  expect(findings.map(({ what }) => what).join("\n")).toContain(why);
});

test("an address that Azure chooses is not known, where rules name some addresses of the subnet and not others", () => {
  const { unmodelled } = verdictOn(
    edited(right, ["workload-eastus2", "azurerm_private_endpoint", "producer_endpoint"], (endpoint) => {
      endpoint.remove("ip_configuration");
    }),
    { topology },
  );
  expect(unmodelled.map(({ why }) => why)).toEqual([
    "Azure chooses its address, and rules tell addresses of workload-subnet apart: name the address",
  ]);
});

test.each<readonly [string, string, string, (block: Editable) => void, string]>([
  [
    "a peering of some subnets",
    "network-eastus2",
    "azurerm_virtual_network_peering",
    (peering) => {
      peering.set("peer_complete_virtual_networks_enabled", false);
    },
    "it connects some subnets of the networks, and not all",
  ],
  [
    "an interface with DNS servers of its own",
    "network-eastus2",
    "azurerm_network_interface",
    (nic) => {
      nic.set("dns_servers", ["8.8.8.8"]);
    },
    "its machine asks DNS servers of its own",
  ],
  [
    "a role with a condition",
    "workload-eastus2",
    "azurerm_role_assignment",
    (role) => {
      role.set("condition", "@Resource[name] StringEquals 'x'");
    },
    "its condition gives a part of the role's rights",
  ],
])("%s is not modelled", (_, stack, type, change, why) => {
  const [id = ""] = Object.keys(right.find(({ name }) => name === stack)?.json.resource?.[type] ?? {});
  const { unmodelled } = verdictOn(edited(right, [stack, type, id], change), { topology });
  expect(unmodelled.map((each) => each.why)).toEqual([why]);
});

test.each([
  ["Microsoft.Network/natGateways", {}, "it may carry, name or block traffic"],
  ["Microsoft.Web/sites/slots", {}, "it may carry, name or block traffic"],
  [
    "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
    { peerCompleteVnets: false, remoteVirtualNetwork: { id: "/networks/other" } },
    "it connects some subnets of the networks, and not all",
  ],
])("%s that Resource Manager shows is not modelled", (type, properties, why) => {
  const id = `/subscriptions/s/resourceGroups/g/providers/${type}/x`;
  const known = { id: `${id}/known`, name: "known", type: "Microsoft.Authorization/locks", properties: {} };
  const { unmodelled } = modelFromResourceManager([known, { id, name: "x", type, properties }]);
  expect(unmodelled.map((each) => [each.resource, each.why])).toEqual([[id, why]]);
});
