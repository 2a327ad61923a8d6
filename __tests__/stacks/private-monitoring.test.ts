import { join } from "node:path";
import { MONITOR_ZONES } from "../../azure-facts/private-monitoring";
import { azureFrom } from "../../local/azure/from-stacks";
import { addressOf, resolve } from "../../local/names/resolve";
import { prove } from "../../proof/prove";
import { all } from "../../synthesized/resources";
import { firewallRulesIn } from "../../synthesized/views/firewall-rule";
import { forwardersIn } from "../../synthesized/views/forwarder";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { privateScopesIn } from "../../synthesized/views/private-scope";
import { securityRulesIn } from "../../synthesized/views/security-rule";
import { loadTopology } from "../../topology/load";
import { validate } from "../../topology/validate";
import { build } from "../support/build";
import { region, topologyWith } from "../support/topologies";

const EXAMPLES = join(__dirname, "../../docs/examples");
const stacks = build(loadTopology(join(EXAMPLES, "private-monitoring.json")));
const network = stacks.filter(({ name }) => name === "network-eastus2");
const HOST = "eastus2-0.in.applicationinsights.azure.com";
const spoke = (name: string) =>
  `/subscriptions/11111111-2222-3333-4444-555555555555/resourcegroups/network-${name}-rg/providers/microsoft.network/virtualnetworks/spoke-vnet`;

test("each region has a scope with its component and its workspace, and an endpoint in a subnet of its own", () => {
  const scopes = privateScopesIn(stacks);
  expect(scopes.map(({ memberIds }) => memberIds.map((id) => id.split("/").slice(-2).join("/")).sort())).toEqual([
    ["components/functions", "workspaces/logs"],
    ["components/functions", "workspaces/logs"],
  ]);
  const endpoints = privateEndpointsIn(stacks).filter(({ subresource }) => subresource === "azuremonitor");
  expect(endpoints.map(({ subnetId }) => subnetId.split("/").at(-1))).toEqual([
    "monitoring-subnet",
    "monitoring-subnet",
  ]);
  for (const { zoneIds } of endpoints) {
    expect(zoneIds.map((id) => id.split("/").at(-1))).toEqual([
      ...Object.values(MONITOR_ZONES),
      "privatelink.blob.core.windows.net",
    ]);
  }
  expect(prove(stacks)).toEqual([]);
});

test("nothing is written from the Internet; people may read from there unless the topology says otherwise", () => {
  const written = (each: typeof stacks) =>
    all(each, "azurerm_application_insights", "azurerm_log_analytics_workspace").map(({ block }) => [
      block.internet_ingestion_enabled,
      block.internet_query_enabled,
    ]);
  expect(new Set(written(stacks).map((modes) => modes.join()))).toEqual(new Set(["false,true"]));
  const closed = topologyWith((stamp) => {
    stamp.monitoring = "private-link";
    stamp.privateLinkScope = { query: "private-only" };
    region(stamp, 0).spoke.monitoringSubnet = "10.1.3.0/27";
    region(stamp, 1).spoke.monitoringSubnet = "10.3.3.0/27";
  });
  expect(new Set(written(build(closed)).map((modes) => modes.join()))).toEqual(new Set(["false,false"]));
  const [scope] = all(build(closed), "azurerm_monitor_private_link_scope");
  expect(scope?.block).toMatchObject({ ingestion_access_mode: "PrivateOnly", query_access_mode: "PrivateOnly" });
});

test("rule 498 leads to the endpoint's subnet, and the firewall lets no telemetry out", () => {
  const [rule, another] = securityRulesIn(network).filter(({ priority }) => priority === 498);
  expect(another).toBeUndefined();
  expect(rule).toMatchObject({ sources: ["10.1.1.0/24"], destinations: ["10.1.3.0/27"], ports: ["443"] });
  const hosts = firewallRulesIn(network).flatMap((each) => each.hosts);
  expect(hosts.filter((host) => /applicationinsights|visualstudio|livediagnostics/.test(host))).toEqual([]);
});

test("the forwarders answer for the ingestion hosts, and the name leads to the endpoint of the asking region", () => {
  for (const { script } of forwardersIn(network)) {
    expect(script).toContain("\n*.in.applicationinsights.azure.com CNAME rpz-passthru.\n");
  }
  const azure = azureFrom(stacks);
  expect(resolve(azure, spoke("eastus2"), HOST)).toEqual([
    { name: HOST, type: "CNAME", data: "eastus2-0.in.ai.privatelink.monitor.azure.com" },
    { name: "eastus2-0.in.ai.privatelink.monitor.azure.com", type: "A", data: "10.1.3.4" },
  ]);
  expect(addressOf(azure, undefined, HOST)).toMatch(/^203\.0\.113\./);
});

test("without a private link everything is as the design document has it", () => {
  const plain = build(topologyWith());
  expect(all(plain, "azurerm_monitor_private_link_scope", "azurerm_monitor_private_link_scoped_service")).toEqual([]);
  const [rule] = securityRulesIn(plain).filter(({ priority }) => priority === 498);
  expect(rule?.destinations).toEqual(["AzureMonitor"]);
});

describe("with one set of zones", () => {
  const [stamp, ...rest] = loadTopology(join(EXAMPLES, "shared-zones.json")).stamps;
  if (!stamp) throw new Error("The example has no stamp.");
  const [east, central] = stamp.regions;
  if (!east || !central) throw new Error("The example has no two regions.");
  const shared = build(
    validate({
      stamps: [
        {
          ...stamp,
          monitoring: "private-link",
          regions: [{ ...east, spoke: { ...east.spoke, monitoringSubnet: "10.1.3.0/27" } }, central],
        },
        ...rest,
      ],
    }),
  );

  test("there is one scope with both regions' components, and one endpoint, in the primary's region", () => {
    const [scope, another] = privateScopesIn(shared);
    expect(another).toBeUndefined();
    expect(scope?.memberIds.map((id) => id.split("/")[4])).toEqual(["workload-eastus2-rg", "workload-centralus-rg"]);
    expect(privateEndpointsIn(shared).filter(({ subresource }) => subresource === "azuremonitor")).toHaveLength(1);
    const workload = shared.find(({ name }) => name === "workload-centralus");
    expect(workload?.dependencies).toContain("workload-eastus2");
    expect(prove(shared)).toEqual([]);
  });

  test("the other region's telemetry goes through the hubs to it", () => {
    const rules = securityRulesIn(shared).filter(({ name }) => name.includes("azure-monitor"));
    expect(rules.map(({ direction, sources, destinations }) => [direction, sources, destinations])).toEqual(
      expect.arrayContaining([
        ["Outbound", ["10.3.1.0/24"], ["10.1.3.0/27"]],
        ["Inbound", ["10.100.1.0/26", "10.101.1.0/26"], ["10.1.3.0/27"]],
      ]),
    );
    const azure = azureFrom(shared);
    expect(addressOf(azure, spoke("centralus"), "centralus-0.in.applicationinsights.azure.com")).toBe("10.1.3.4");
  });
});
