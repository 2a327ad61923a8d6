import { Fn, TerraformResource, type App } from "cdktf";
import { FirewallPolicy } from "@cdktf/provider-azurerm/lib/firewall-policy";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import type { ProofRule } from "../../proof/proof-rule";
import { prove } from "../../proof/prove";
import { RULES } from "../../proof/rules";
import { PrivateDnsARecord } from "@cdktf/provider-azurerm/lib/private-dns-a-record";
import { FirewallPolicyRuleCollectionGroup } from "@cdktf/provider-azurerm/lib/firewall-policy-rule-collection-group";
import { build, synthesized, tree } from "../support/build";
import { edited } from "../support/edits";
import { at, remove, stackAt } from "../support/mistakes";
import { secondStamp, singleRegion, topologyWith, viaGateway } from "../support/topologies";

/**
 * What goes wrong in practice, each put into a real build: the rule that watches for it, the mistake, and a word of the finding. A rule of which no
 * mistake is known here could not fail, so every rule must have one.
 */
const MISTAKES: readonly (readonly [rule: string, what: string, mistake: (app: App) => void, finding: string])[] = [
  [
    "endpoints-name-their-part",
    "an address for another part of the storage",
    (app) => {
      at(app, "workload-eastus2/storage/blob").addOverride("ip_configuration.0.subresource_name", "table");
    },
    "has an address for table, and leads to blob",
  ],
  [
    "endpoints-name-their-part",
    "an address for a member that the service does not have",
    (app) => {
      at(app, "geo-pair/EasttoEast").addOverride("ip_configuration.0.member_name", "default");
    },
    "the member default, and should for namespace",
  ],
  [
    "forwarders-are-configured-in-turn",
    "two forwarders that restart at once",
    (app) => {
      at(app, "network-eastus2/dns/configure-2").dependsOn = [];
    },
    "do not wait for each other",
  ],
  [
    "insights-come-after-their-action-group",
    "a component before its action group",
    (app) => {
      at(app, "workload-eastus2/insights").dependsOn = [];
    },
    "does not wait for azurerm_monitor_action_group",
  ],
  [
    "zones-are-linked-to-hubs",
    "a zone linked to the spoke",
    (app) => {
      at(app, "network-eastus2/zones/serviceBus-hub").addOverride(
        "virtual_network_id",
        `\${${at(app, "network-eastus2/spoke/vnet").fqn}.id}`,
      );
    },
    "not to the hub of its region's forwarders",
  ],
  [
    "zones-are-linked-to-hubs",
    "a zone linked to the other region's hub",
    (app) => {
      at(app, "network-eastus2/zones/serviceBus-hub").addOverride(
        "virtual_network_id",
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/network-centralus-rg/providers/Microsoft.Network/virtualNetworks/hub-vnet",
      );
    },
    "hub-vnet of network-centralus, not to the hub",
  ],
  [
    "zones-are-linked-to-hubs",
    "a zone linked to nothing",
    (app) => {
      remove(at(app, "network-eastus2/zones/blob-hub"));
    },
    "linked to no VNet",
  ],
  [
    "zones-are-linked-to-hubs",
    "a spoke that asks Azure's DNS",
    (app) => {
      at(app, "network-eastus2/spoke/vnet").addOverride("dns_servers", undefined);
    },
    "does not ask the forwarders",
  ],
  [
    "every-region-resolves-every-namespace",
    "the partner's endpoint is missing",
    (app) => {
      remove(at(app, "geo-pair/CentraltoEast"));
      for (const later of ["pairing", "entities/queue-queue1", "entities/topic-topic1/Default"]) {
        const resource = at(app, `geo-pair/${later}`);
        resource.dependsOn = resource.dependsOn?.filter((address) => !address.includes("CentraltoEast"));
      }
    },
    "(lockdown-pc-eastus2) has no record in ",
  ],
  [
    "every-region-resolves-every-namespace",
    "no endpoint of any namespace",
    (app) => {
      for (const name of ["EasttoEast", "EasttoCentral", "CentraltoEast", "CentraltoCentral"]) {
        remove(at(app, `geo-pair/${name}`));
      }
      for (const later of ["pairing", "entities/queue-queue1", "entities/topic-topic1/Default"]) {
        const resource = at(app, `geo-pair/${later}`);
        resource.dependsOn = resource.dependsOn?.filter((address) => !address.includes("azurerm_private_endpoint"));
      }
    },
    "network-centralus has no record of any namespace",
  ],
  [
    "every-region-resolves-every-namespace",
    "one zone for both regions",
    (app) => {
      at(app, "geo-pair/CentraltoEast").addOverride("private_dns_zone_group.private_dns_zone_ids", [
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/network-eastus2-rg/providers/Microsoft.Network/privateDnsZones/privatelink.servicebus.windows.net",
      ]);
    },
    "is registered in",
  ],
  [
    "names-are-registered-once",
    "two endpoints of one namespace in one zone",
    (app) => {
      at(app, "geo-pair/CentraltoEast").addOverride("private_dns_zone_group.private_dns_zone_ids", [
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/network-eastus2-rg/providers/Microsoft.Network/privateDnsZones/privatelink.servicebus.windows.net",
      ]);
    },
    "registers it already",
  ],
  [
    "entities-on-the-primary-only",
    "a queue on the secondary",
    (app) => {
      at(app, "geo-pair/entities/queue-queue1").addOverride(
        "namespace_id",
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ServiceBus/namespaces/lockdown-pc-centralus",
      );
    },
    "is not on the primary",
  ],
  [
    "entities-on-the-primary-only",
    "every entity on the secondary, and no pairing",
    (app) => {
      for (const entity of ["queue-queue1", "topic-topic1/Default"]) {
        at(app, `geo-pair/entities/${entity}`).addOverride(
          "namespace_id",
          "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/messaging-centralus-rg/providers/Microsoft.ServiceBus/namespaces/lockdown-pc-centralus",
        );
        at(app, `geo-pair/entities/${entity}`).dependsOn = [];
      }
      remove(at(app, "geo-pair/pairing"));
      for (const region of ["eastus2", "centralus"]) {
        at(app, `workload-${region}/producer/app`).addOverride(
          "app_settings.ServiceBus__fullyQualifiedNamespace",
          "lockdown-pc-eastus2.servicebus.windows.net",
        );
      }
    },
    "is not on the primary",
  ],
  [
    "pairing-comes-in-order",
    "pairing before the endpoints",
    (app) => {
      at(app, "geo-pair/pairing").dependsOn = [];
    },
    "does not wait for EasttoEast",
  ],
  [
    "pairing-comes-in-order",
    "entities before the pairing",
    (app) => {
      at(app, "geo-pair/entities/queue-queue1").dependsOn = [];
    },
    "does not wait for the pairing",
  ],
  [
    "peerings-wait-for-subnets",
    "a peering beside the subnets",
    (app) => {
      at(app, "network-eastus2/spoke/hub-to-spoke").dependsOn = [];
    },
    "does not wait for azurerm_subnet.",
  ],
  [
    "tags-never-change",
    "a tag of the time of the apply",
    (app) => {
      at(app, "messaging-centralus/namespace").addOverride("tags", { deployed: Fn.timestamp() });
    },
    "computed at apply",
  ],
  [
    "roles-on-every-namespace",
    "a role on the primary alone",
    (app) => {
      drop(app, "workload-eastus2/producer/identity/send-centralus", "workload-eastus2/producer/app");
    },
    "may not send to lockdown-pc-centralus",
  ],
  [
    "roles-on-every-namespace",
    "an app before its roles",
    (app) => {
      at(app, "workload-eastus2/consumer/app").dependsOn = [];
    },
    "does not wait for consumer_identity_receive",
  ],
  [
    "roles-on-every-namespace",
    "an app without a role",
    (app) => {
      drop(app, "workload-eastus2/consumer/identity/receive", "workload-eastus2/consumer/app");
    },
    "has no role on Service Bus",
  ],
  [
    "no-network-rule-set",
    "Deny without a rule",
    (app) => {
      at(app, "messaging-eastus2/namespace").addOverride("network_rule_set", { default_action: "Deny" });
    },
    "has a network_rule_set",
  ],
  [
    "no-network-rule-set",
    "a public way in",
    (app) => {
      at(app, "messaging-eastus2/namespace").addOverride("public_network_access_enabled", true);
    },
    "has public access",
  ],
  [
    "apps-run-the-packages",
    "a Node that the packages are not built for",
    (app) => {
      at(app, "workload-eastus2/producer/app").addOverride("site_config.application_stack.node_version", "~16");
    },
    "runs on Node ~16",
  ],
  [
    "apps-run-the-packages",
    "callers that need a client certificate",
    (app) => {
      at(app, "workload-eastus2/producer/app").addOverride("client_certificate_enabled", true);
      at(app, "workload-eastus2/producer/app").addOverride("client_certificate_mode", "Required");
    },
    "refuses callers without a client certificate",
  ],
  [
    "firewalls-deny-known-bad-addresses",
    "a policy that only writes alerts",
    (app) => {
      at(app, "network-eastus2/hub/firewall/policy").addOverride("threat_intelligence_mode", "Alert");
    },
    "has threat_intelligence_mode Alert, not Deny",
  ],
  [
    "firewalls-deny-known-bad-addresses",
    "a policy that says nothing",
    (app) => {
      at(app, "network-eastus2/hub/firewall/policy").addOverride("threat_intelligence_mode", undefined);
    },
    "has threat_intelligence_mode Alert, not Deny",
  ],
  [
    "host-storage-is-logged",
    "a queue service without logs",
    (app) => {
      remove(at(app, "workload-eastus2/storage/queue-logs"));
    },
    "has no diagnostic setting that sends logs of its queueServices",
  ],
  [
    "host-storage-is-logged",
    "metrics alone",
    (app) => {
      at(app, "workload-eastus2/storage/table-logs").addOverride("enabled_log", undefined);
    },
    "has no diagnostic setting that sends logs of its tableServices",
  ],
  [
    "apps-send-telemetry",
    "a component that takes nothing from outside",
    (app) => {
      at(app, "workload-eastus2/insights").addOverride("internet_ingestion_enabled", false);
    },
    "which takes nothing from outside",
  ],
  [
    "code-comes-after-the-endpoint",
    "the consumer's package on the producer's site",
    (app) => {
      at(app, "code-eastus2/producer/publication").addOverride(
        "provisioner.0.local-exec.environment.PUBLISH_PACKAGE",
        "assets/x/consumer.zip",
      );
    },
    "to lockdown-pc-producer-eastus2, which is a producer",
  ],
  [
    "code-comes-after-the-endpoint",
    "a publisher for another site than Terraform watches",
    (app) => {
      at(app, "code-eastus2/producer/publication").addOverride(
        "provisioner.0.local-exec.environment.PUBLISH_SITE_ID",
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/workload-eastus2-rg/providers/Microsoft.Web/sites/other",
      );
    },
    "/sites/other, and is for",
  ],
  [
    "forwarders-install-bind",
    "a forwarder without cloud-init",
    (app) => {
      at(app, "network-eastus2/dns/vm-1").addOverride("custom_data", null);
    },
    "does not install BIND",
  ],
  [
    "names-are-registered-once",
    "a record of a name that an endpoint registers",
    (app) => {
      new PrivateDnsARecord(stackAt(app, "network-eastus2"), "by-hand", {
        name: "lockdown-pc-eastus2",
        zoneName: "privatelink.servicebus.windows.net",
        resourceGroupName: "network-eastus2-rg",
        ttl: 60,
        records: ["10.9.9.9"],
      });
    },
    "is a record of a name that",
  ],
  [
    "machines-take-no-passwords",
    "a user with a password in cloud-init",
    (app) => {
      at(app, "network-eastus2/dns/vm-1").addOverride(
        "custom_data",
        Buffer.from("#cloud-config\nchpasswd: { list: 'x:y' }\npackages: [bind9]\nruncmd: []\n").toString("base64"),
      );
    },
    "accepts a password",
  ],
  [
    "machines-take-no-passwords",
    "a forwarder that accepts passwords",
    (app) => {
      at(app, "network-eastus2/dns/vm-1").addOverride("disable_password_authentication", false);
    },
    "dns_vm-1_4C5B9C5A accepts a password",
  ],
  [
    "nothing-needs-a-key",
    "hosts by storage key",
    (app) => {
      at(app, "workload-eastus2/producer/app").addOverride("storage_uses_managed_identity", false);
    },
    "its storage by key",
  ],
  [
    "nothing-needs-a-key",
    "a connection string",
    (app) => {
      at(app, "workload-eastus2/consumer/app").addOverride("app_settings.ServiceBus", "Endpoint=…");
    },
    "by connection string",
  ],
  [
    "nothing-needs-a-key",
    "telemetry by key",
    (app) => {
      at(app, "workload-eastus2/consumer/app").addOverride(
        "app_settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "",
      );
    },
    "Application Insights by key",
  ],
  [
    "nothing-needs-a-key",
    "an account that takes keys",
    (app) => {
      at(app, "workload-eastus2/storage/account").addOverride("shared_access_key_enabled", true);
    },
    "accepts keys",
  ],
  [
    "nothing-needs-a-key",
    "a namespace that takes SAS",
    (app) => {
      at(app, "messaging-eastus2/namespace").addOverride("local_auth_enabled", true);
    },
    "accepts SAS",
  ],
  [
    "nothing-needs-a-key",
    "Insights by instrumentation key",
    (app) => {
      at(app, "workload-eastus2/insights").addOverride("local_authentication_disabled", false);
    },
    "instrumentation key",
  ],
  [
    "nothing-needs-a-key",
    "a provider that reads storage by key",
    (app) => {
      stackAt(app, "workload-eastus2").addOverride("provider.azurerm.0.storage_use_azuread", false);
    },
    "reads storage by key",
  ],
  [
    "code-comes-after-the-endpoint",
    "code in the app's own resource",
    (app) => {
      at(app, "workload-eastus2/producer/app").addOverride("zip_deploy_file", "producer.zip");
    },
    "while it is being created",
  ],
  [
    "code-comes-after-the-endpoint",
    "no endpoint of the site",
    (app) => {
      remove(at(app, "workload-eastus2/producer/endpoint"));
    },
    "does not wait for an endpoint",
  ],
  [
    "code-comes-after-the-endpoint",
    "an app that gets no code",
    (app) => {
      remove(at(app, "code-eastus2/producer/publication"));
    },
    "gets no code",
  ],
  [
    "nsg-applies-to-endpoints",
    "network policies off",
    (app) => {
      at(app, "network-eastus2/spoke/workload-subnet/subnet").addOverride(
        "private_endpoint_network_policies",
        "Disabled",
      );
    },
    "policies are off",
  ],
  [
    "nsg-applies-to-endpoints",
    "no NSG on the subnet",
    (app) => {
      remove(at(app, "network-eastus2/spoke/workload-subnet/nsg-association"));
    },
    "no NSG",
  ],
  [
    "insights-hosts-of-connection-strings",
    "the legacy hosts alone",
    (app) => {
      letThrough(app, ["dc.services.visualstudio.com", "rt.services.visualstudio.com"]);
    },
    "*.in.applicationinsights.azure.com",
  ],
  [
    "forwarders-boot-after-egress",
    "a boot before the rules",
    (app) => {
      at(app, "network-eastus2/dns/vm-1").dependsOn = [];
    },
    "does not wait for azurerm_firewall",
  ],
  [
    "forwarders-boot-after-egress",
    "Ubuntu's archive is blocked",
    (app) => {
      letThrough(app, ["security.ubuntu.com"]);
    },
    "azure.archive.ubuntu.com",
  ],
  [
    "one-policy-one-group",
    "two policies",
    (app) => {
      new FirewallPolicy(stackAt(app, "network-eastus2"), "another", {
        name: "another",
        location: "eastus2",
        resourceGroupName: "network-eastus2-rg",
      });
    },
    "2 of azurerm_firewall_policy",
  ],
  [
    "one-policy-one-group",
    "a classic rule beside the policy",
    (app) => {
      new TerraformResource(stackAt(app, "network-eastus2"), "classic", {
        terraformResourceType: "azurerm_firewall_network_rule_collection",
      });
    },
    "classic rule",
  ],
  [
    "one-policy-one-group",
    "two collections of one priority",
    (app) => {
      at(app, "network-eastus2/hub/firewall/rules").addOverride("network_rule_collection", [
        { name: "clash", priority: 300, action: "Allow", rule: [] },
      ]);
    },
    "one priority",
  ],
  [
    "subnets-outlive-their-apps",
    "an app without an order behind its network",
    (app) => {
      stackAt(app, "geo-pair").dependencies = stackAt(app, "geo-pair").dependencies.filter(
        (stack) => stack.node.id !== "network-eastus2",
      );
    },
    "does not depend on network-eastus2",
  ],
  [
    "subnets-outlive-their-apps",
    "a subnet without delegation",
    (app) => {
      at(app, "network-eastus2/spoke/integration-subnet/subnet").addOverride("delegation", undefined);
    },
    "not delegated",
  ],
  [
    "no-allow-to-virtual-network",
    "an allow to VirtualNetwork",
    (app) => {
      at(app, "network-eastus2/spoke/integration-subnet/security-group/nsg").addOverride(
        "security_rule.1.destination_address_prefix",
        "VirtualNetwork",
      );
    },
    "a destination that may include the whole Internet",
  ],
  [
    "no-allow-to-virtual-network",
    "an allow from VirtualNetwork",
    (app) => {
      at(app, "network-eastus2/spoke/workload-subnet/security-group/nsg").addOverride(
        "security_rule.0.source_address_prefix",
        "VirtualNetwork",
      );
      at(app, "network-eastus2/spoke/workload-subnet/security-group/nsg").addOverride(
        "security_rule.0.source_address_prefixes",
        undefined,
      );
    },
    "a source that may include the whole Internet",
  ],
  [
    "no-allow-to-virtual-network",
    "a deny for TCP alone",
    (app) => {
      const group = at(app, "network-eastus2/hub/dns-subnet/security-group/nsg");
      const stack = synthesized(app).find(({ name }) => name === "network-eastus2");
      const block = stack?.json.resource?.azurerm_network_security_group?.[group.friendlyUniqueId];
      for (const index of ((block?.security_rule ?? []) as unknown[]).keys()) {
        group.addOverride(`security_rule.${index}.protocol`, "Tcp");
      }
    },
    "Azure's defaults",
  ],
  [
    "no-allow-to-virtual-network",
    "no deny of one's own",
    (app) => {
      at(app, "network-eastus2/hub/dns-subnet/security-group/nsg").addOverride("security_rule", undefined);
    },
    "Azure's defaults",
  ],
];

/** Makes these the only hosts that East's firewall knows. */
function letThrough(app: App, hosts: string[]): void {
  const group = at(app, "network-eastus2/hub/firewall/rules");
  if (!(group instanceof FirewallPolicyRuleCollectionGroup)) throw new Error("These are no rules of a firewall.");
  group.putApplicationRuleCollection([
    {
      name: "hosts",
      priority: 300,
      action: "Allow",
      rule: [{ name: "some", sourceAddresses: ["10.0.0.0/8"], destinationFqdns: hosts }],
    },
  ]);
}

/** Takes a role away, and out of what its app waits for. */
function drop(app: App, role: string, waiting: string): void {
  const resource = at(app, role);
  const later = at(app, waiting);
  later.dependsOn = later.dependsOn?.filter((address) => address !== resource.fqn);
  remove(resource);
}

function ruleNamed(name: string): ProofRule {
  const rule = RULES.find((candidate) => candidate.name === name);
  if (!rule) throw new Error(`There is no rule ${name}.`);
  return rule;
}

let right: SynthesizedStack[];
beforeAll(() => {
  right = build();
});

test.each(MISTAKES)("%s finds %s", (name, _, mistake, finding) => {
  const { check } = ruleNamed(name);
  expect(check(right)).toEqual([]);
  const app = tree();
  mistake(app);
  expect(check(synthesized(app)).join("\n")).toContain(finding);
});

test("roles-on-every-namespace finds another sender's role on one namespace alone", () => {
  const app = tree(
    topologyWith((stamp) => {
      stamp.access = { senders: [{ principalId: "99999999-8888-7777-6666-555555555555", entities: ["queue1"] }] };
    }),
  );
  const { check } = ruleNamed("roles-on-every-namespace");
  remove(at(app, "geo-pair/senders/99999999-8888-7777-6666-555555555555/0-queue1"));
  expect(check(synthesized(app)).join("\n")).toMatch(/may not send to queues\/queue1 of lockdown-pc-/);
});

test("apps-wait-for-their-storage finds a host that starts before its storage has endpoints", () => {
  const { check } = ruleNamed("apps-wait-for-their-storage");
  expect(check(right)).toEqual([]);
  const early = edited(right, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
    app.set("depends_on", []);
  });
  expect(check(early).join("\n")).toContain("does not wait for azurerm_private_endpoint.consumer-storage_queue");
});

test("every rule has a mistake that breaks it", () => {
  expect(new Set(["apps-wait-for-their-storage", ...MISTAKES.map(([rule]) => rule)])).toEqual(
    new Set(RULES.map(({ name }) => name)),
  );
});

test.each([
  ["the reference topology", topologyWith()],
  ["one region", topologyWith(singleRegion)],
  ["two regions failed over", topologyWith((stamp) => stamp.pairing && (stamp.pairing.state = "failed-over"))],
  [
    "another sender",
    topologyWith(
      (stamp) =>
        (stamp.access = {
          ...stamp.access,
          senders: [{ principalId: "99999999-8888-7777-6666-555555555555", entities: ["queue1", "topic1"] }],
        }),
    ),
  ],
  ["two regions unpaired", topologyWith((stamp) => stamp.pairing && (stamp.pairing.state = "unpaired"))],
  ["egress by a VPN gateway", topologyWith(viaGateway("vpn-gateway"))],
  ["egress by ExpressRoute", topologyWith(viaGateway("expressroute"))],
  ["two stamps", topologyWith((_, input) => secondStamp(input, "blue", 4))],
])("every rule holds for %s", (_, topology) => {
  const stacks = build(topology);
  expect(prove(stacks)).toEqual([]);
});
