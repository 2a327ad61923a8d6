import { modelFrom } from "../../proof/network/from-stacks";
import { Reach } from "../../proof/reach/reach";
import { manualChecks } from "../../proof/walkthrough/manual-checks";
import { walkThrough } from "../../proof/walkthrough/walkthrough";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import type { Topology } from "../../topology/schema";
import { build } from "../support/build";
import { type Editable, edited, withoutResource } from "../support/edits";
import { singleRegion, topologyWith } from "../support/topologies";

const topology = topologyWith();

function walked(stacks: readonly SynthesizedStack[], declared: Topology = topology) {
  const [stamp] = declared.stamps;
  if (!stamp) throw new Error("There is no stamp.");
  return walkThrough(stacks, declared, stamp, new Reach(modelFrom(stacks)));
}

/** `Producer Flow 3`, for each step that does not hold. */
function failing(stacks: readonly SynthesizedStack[]): string[] {
  return walked(stacks).flatMap(({ title, steps }) =>
    steps.filter(({ holds }) => !holds).map(({ number }) => `${title.split(" redundancy")[0] ?? ""} ${number}`),
  );
}

test("every step of the design document's walk-throughs holds, with its evidence", () => {
  const sections = walked(build());
  expect(sections.map(({ title, steps }) => [title.split(" ")[0], steps.length])).toEqual([
    ["Producer", 6],
    ["Consumer", 6],
    ["Monitoring", 6],
    ["Cross-Region", 6],
  ]);
  for (const { steps } of sections) {
    for (const { evidence, holds } of steps) {
      expect(holds).toBe(true);
      expect(evidence.length).toBeGreaterThan(0);
    }
  }
});

const nsg = (name: string) => ["network-eastus2", "azurerm_network_security_group", name] as const;
const deny = (rule: string) => (group: Editable) => {
  group.set(`${group.named("security_rule", rule)}.access`, "Deny");
};

test.each<[string, (stacks: readonly SynthesizedStack[]) => SynthesizedStack[], string[]]>([
  [
    "the queue",
    (stacks) => withoutResource(stacks, ["geo-pair", "azurerm_servicebus_queue", "queue1"]),
    ["Producer Flow 1"],
  ],
  [
    "the closed public address",
    (stacks) =>
      edited(stacks, ["messaging-eastus2", "azurerm_servicebus_namespace"], (namespace) => {
        namespace.set("public_network_access_enabled", true);
      }),
    ["Producer Flow 2"],
  ],
  [
    "the producer's way to the forwarders",
    (stacks) => edited(stacks, nsg("workload-subnet-nsg"), deny("to-dns-forwarders-dns-udp")),
    ["Producer Flow 3"],
  ],
  [
    "the network's DNS servers",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_virtual_network", "spoke-vnet"], (network) => {
        network.set("dns_servers", []);
      }),
    // Both flows are in one network, and their fourth steps are one sentence.
    ["Producer Flow 4", "Consumer Flow 4"],
  ],
  [
    "the zone's link",
    (stacks) =>
      withoutResource(stacks, ["network-eastus2", "azurerm_private_dns_zone_virtual_network_link", "zones_serviceBus"]),
    ["Producer Flow 5", "Consumer Flow 5", "Cross-Region 4"],
  ],
  [
    "the producer's way to the endpoint",
    (stacks) => edited(stacks, nsg("workload-subnet-nsg"), deny("to-service-bus-amqps")),
    ["Producer Flow 6"],
  ],
  [
    "vnet_route_all_enabled",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.set("site_config.vnet_route_all_enabled", false);
      }),
    ["Consumer Flow 1"],
  ],
  [
    "always_on",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.set("site_config.always_on", false);
      }),
    ["Consumer Flow 2"],
  ],
  [
    "the consumer's way to the forwarders",
    (stacks) => edited(stacks, nsg("integration-subnet-nsg"), deny("to-dns-forwarders-dns-udp")),
    ["Consumer Flow 3"],
  ],
  [
    "the consumer's way to the endpoint",
    (stacks) => edited(stacks, nsg("integration-subnet-nsg"), deny("to-service-bus-amqps")),
    ["Consumer Flow 6", "Cross-Region 5"],
  ],
  [
    "the default route",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_route_table", "spoke-routes"], (table) => {
        table.set("route.0.next_hop_type", "Internet");
      }),
    ["Monitoring Setup 2"],
  ],
  [
    "the route table's association",
    (stacks) =>
      withoutResource(stacks, ["network-eastus2", "azurerm_subnet_route_table_association", "integration-subnet"]),
    ["Monitoring Setup 3"],
  ],
  [
    "rule 498",
    (stacks) =>
      edited(stacks, nsg("integration-subnet-nsg"), (group) => {
        group.remove(group.named("security_rule", "to-azure-monitor-https"));
      }),
    ["Monitoring Setup 4"],
  ],
  [
    "the application rule",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_firewall_policy_rule_collection_group"], (group) => {
        group.remove("application_rule_collection.0.rule.0");
      }),
    ["Monitoring Setup 5"],
  ],
  [
    "what no earlier rule denies",
    (stacks) =>
      edited(stacks, nsg("integration-subnet-nsg"), (group) => {
        const rule = group.get(group.named("security_rule", "to-azure-monitor-https")) as object;
        group.push("security_rule", { ...rule, name: "no-telemetry", access: "Deny", priority: 497 });
      }),
    ["Monitoring Setup 6"],
  ],
  [
    "the pairing's partner",
    (stacks) =>
      edited(stacks, ["geo-pair", "azurerm_servicebus_namespace_disaster_recovery_config"], (pairing) => {
        pairing.set("primary_namespace_id", pairing.get("partner_namespace_id"));
      }),
    ["Cross-Region 1"],
  ],
  [
    "the alias in a producer's settings",
    (stacks) =>
      edited(stacks, ["workload-centralus", "azurerm_windows_function_app", "producer_app"], (app) => {
        app.set("app_settings.ServiceBus__fullyQualifiedNamespace", "lockdown-pc-eastus2.servicebus.windows.net");
      }),
    ["Cross-Region 2"],
  ],
  [
    "a consumer's own namespace",
    (stacks) =>
      edited(stacks, ["workload-centralus", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.set("app_settings.ServiceBus__fullyQualifiedNamespace", "lockdown-pc.servicebus.windows.net");
      }),
    ["Cross-Region 3"],
  ],
  [
    "the partner's record in one region",
    (stacks) =>
      edited(stacks, ["geo-pair", "azurerm_private_endpoint", "EasttoCentral"], (endpoint) => {
        endpoint.remove("private_dns_zone_group");
      }),
    ["Cross-Region 4"],
  ],
  [
    "the other consumer's role",
    (stacks) => withoutResource(stacks, ["workload-centralus", "azurerm_role_assignment", "consumer_identity_receive"]),
    ["Cross-Region 6"],
  ],
])("without %s, the steps fail that say so, and no other", (_, take, steps) => {
  expect(failing(take(build()))).toEqual(steps);
});

test("a section that a topology has nothing of says why", () => {
  const one = topologyWith(singleRegion);
  expect(walked(build(one), one).at(-1)).toMatchObject({ absent: "the stamp has one region", steps: [] });
});

test("the 44 checks that were made by hand come out as expected", () => {
  const [stamp] = topology.stamps;
  if (!stamp) throw new Error("There is no stamp.");
  const checks = manualChecks(stamp, new Reach(modelFrom(build())));
  expect(checks).toHaveLength(44);
  expect(checks.filter(({ expected, found }) => expected !== found)).toEqual([]);
  expect(checks.filter(({ found }) => found)).toHaveLength(18);
});
