import { writtenEntities } from "../../functions/producer/entities";
import { appsIn } from "../../synthesized/views/app";
import { firewallRulesIn } from "../../synthesized/views/firewall-rule";
import { securityRulesIn } from "../../synthesized/views/security-rule";
import { forwardersIn } from "../../synthesized/views/forwarder";
import { all, textOf } from "../../synthesized/resources";
import { producerEntitiesOf } from "../../topology/app-lists";
import { prove } from "../../proof/prove";
import { build } from "../support/build";
import { topologyWith } from "../support/topologies";

const WORKSPACE =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/monitoring-rg/providers/Microsoft.OperationalInsights/workspaces/central";

describe("hosts of the user's own", () => {
  const WHY = "Orders are confirmed by the payment provider.";
  const stacks = build(
    topologyWith((stamp) => {
      stamp.access = {
        ...stamp.access,
        egress: [
          { hosts: ["api.example.com", "*.example.org"], port: 8443, why: WHY },
          { hosts: ["a-very-long-name-of-a-host.department.example.com"], why: WHY },
          { hosts: ["plain.example.com"], port: 80, protocol: "http", why: WHY },
        ],
      };
    }),
  ).filter(({ name }) => name === "network-eastus2");

  test("the firewall lets the apps through to them, on that port", () => {
    const own = firewallRulesIn(stacks).filter(({ hosts }) => hosts.some((host) => host.includes("example")));
    expect(own.map(({ hosts, ports, sources }) => ({ hosts, ports, sources }))).toEqual([
      { hosts: ["api.example.com", "*.example.org"], ports: ["8443"], sources: ["10.1.1.0/24"] },
      { hosts: ["a-very-long-name-of-a-host.department.example.com"], ports: ["443"], sources: ["10.1.1.0/24"] },
      { hosts: ["plain.example.com"], ports: ["80"], sources: ["10.1.1.0/24"] },
    ]);
  });

  test("the NSG does, with the reason as the rule's description and names that Azure takes", () => {
    const own = securityRulesIn(stacks).filter(({ name }) => name.startsWith("to-own-"));
    const described = all(stacks, "azurerm_network_security_group").flatMap(
      ({ block }) => block.security_rule as { name: string; description?: string }[],
    );
    expect(own.map(({ direction, ports }) => [direction, ports])).toEqual([
      ["Outbound", ["8443"]],
      ["Outbound", ["443"]],
      ["Outbound", ["80"]],
    ]);
    for (const { name } of own) {
      expect(described.find((rule) => rule.name === name)?.description).toBe(WHY);
      expect(name.length).toBeLessThanOrEqual(80);
    }
  });

  test("the forwarders answer for their names", () => {
    for (const { script } of forwardersIn(stacks)) {
      for (const name of ["api.example.com", "*.example.org", "plain.example.com"]) {
        expect(script).toContain(`\n${name} CNAME rpz-passthru.\n`);
      }
    }
  });
});

test("app settings of the user's own stand beside those of the stacks, and never in their place", () => {
  const reference = "@Microsoft.KeyVault(SecretUri=https://my-vault.vault.azure.net/secrets/api-key)";
  const topology = topologyWith((stamp) => {
    stamp.appSettings = { producer: { ORDER_PREFIX: "web-" }, consumer: { API_KEY: reference } };
  });
  const apps = appsIn(build(topology));
  const [stamp] = topology.stamps;
  expect(stamp).toBeDefined();
  for (const { name, settings } of apps) {
    if (name.includes("producer")) {
      expect(settings.ORDER_PREFIX).toBe("web-");
      expect(settings.API_KEY).toBeUndefined();
      expect(settings.PRODUCER_ENTITIES).toBe(stamp && writtenEntities(producerEntitiesOf(stamp)));
    } else {
      expect(settings.API_KEY).toBe(reference);
      expect(settings.ORDER_PREFIX).toBeUndefined();
    }
  }
});

test("Key Vault references are resolved by the app's own identity", () => {
  for (const app of all(build(topologyWith()), "azurerm_windows_function_app")) {
    expect(app.block.key_vault_reference_identity_id).toEqual(
      (app.block.identity as { identity_ids: readonly string[] }).identity_ids[0],
    );
  }
});

describe("an existing Log Analytics workspace", () => {
  const stacks = build(topologyWith((stamp) => (stamp.logAnalyticsWorkspaceId = WORKSPACE)));

  test("none is made", () => {
    expect(all(stacks, "azurerm_log_analytics_workspace")).toEqual([]);
  });

  test("every log and metric goes there", () => {
    const settings = all(stacks, "azurerm_monitor_diagnostic_setting", "azurerm_application_insights");
    expect(settings.length).toBeGreaterThan(10);
    for (const setting of settings) {
      const key = setting.type === "azurerm_application_insights" ? "workspace_id" : "log_analytics_workspace_id";
      expect(textOf(setting, key)).toBe(WORKSPACE);
    }
  });

  test("no rule is broken", () => {
    expect(prove(stacks)).toEqual([]);
  });
});
