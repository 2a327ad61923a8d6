import { CLAIMS } from "../../proof/claims";
import { verdictOn } from "../../proof/prove";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import type { Topology } from "../../topology/schema";
import { build } from "../support/build";
import { type Editable, edited, withoutResource, withResource, zoneLinkedToTheSpoke } from "../support/edits";
import { topologyWith } from "../support/topologies";

/** What goes wrong in practice, each put into the stacks that are right: the claim that finds it, and a word of the finding. */
const MISTAKES: readonly (readonly [
  claim: string,
  what: string,
  mistake: (stacks: readonly SynthesizedStack[]) => SynthesizedStack[],
  finding: string,
])[] = [
  [
    "addresses-are-ones-own",
    "two endpoints with one address",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_private_endpoint", "consumer_endpoint"], (endpoint) => {
        endpoint.set("ip_configuration.0.private_ip_address", "10.1.2.245");
      }),
    "has 10.1.2.245, and so has",
  ],
  [
    "addresses-are-ones-own",
    "an address outside the subnet",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_private_endpoint", "consumer_endpoint"], (endpoint) => {
        endpoint.set("ip_configuration.0.private_ip_address", "10.1.1.9");
      }),
    "has 10.1.1.9, which hosts of workload-subnet cannot have",
  ],
  [
    "answers-take-the-way-back",
    "a route that sends the forwarders' answers to the firewall",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_route_table", "hub-routes"], (table) => {
        table.push("route", {
          name: "spoke",
          address_prefix: "10.1.0.0/16",
          next_hop_type: "VirtualAppliance",
          next_hop_in_ip_address: "10.0.1.4",
        });
      }),
    "answers take another way",
  ],
  [
    "apps-connect-as-declared",
    "a consumer on the alias",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.set("app_settings.ServiceBus__fullyQualifiedNamespace", "lockdown-pc.servicebus.windows.net");
      }),
    "and should to lockdown-pc-eastus2.servicebus.windows.net",
  ],
  [
    "apps-connect-as-declared",
    "a host on another app's storage",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.set("storage_account_name", "lockdownpceastus2");
      }),
    "uses the storage lockdownpceastus2",
  ],
  [
    "apps-take-https-only",
    "an app that takes plain HTTP",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "producer_app"], (app) => {
        app.set("https_only", false);
      }),
    "lockdown-pc-producer-eastus2 takes plain HTTP",
  ],
  [
    "apps-take-https-only",
    "an app that is switched off",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "producer_app"], (app) => {
        app.set("enabled", false);
      }),
    "is switched off",
  ],
  [
    "apps-stay-in-the-network",
    "an app in a subnet that is not given over to App Service",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_subnet", "integration-subnet"], (subnet) => {
        subnet.remove("delegation");
      }),
    "is integrated with integration-subnet, which is not given over to App Service",
  ],
  [
    "azure-accepts-the-rules",
    "two rules of one priority",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_network_security_group", "workload-subnet"], (group) => {
        group.set("security_rule.1.priority", group.get("security_rule.0.priority"));
        group.set("security_rule.1.direction", group.get("security_rule.0.direction"));
      }),
    "has the priority",
  ],
  [
    "azure-accepts-the-rules",
    "two rules of one name",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_network_security_group", "workload-subnet"], (group) => {
        group.set("security_rule.1.name", group.get("security_rule.0.name"));
      }),
    "has the name of another rule",
  ],
  [
    "azure-accepts-the-endpoints",
    "an endpoint in another region than its network",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_private_endpoint", "producer_endpoint"], (endpoint) => {
        endpoint.set("location", "centralus");
      }),
    "is in centralus, and its network spoke-vnet in eastus2",
  ],
  [
    "azure-accepts-the-endpoints",
    "a Standard namespace",
    (stacks) =>
      edited(stacks, ["messaging-eastus2", "azurerm_servicebus_namespace"], (namespace) => {
        namespace.set("sku", "Standard");
      }),
    "which is Standard and not Premium",
  ],
  [
    "forwarders-answer-listed-names-only",
    "a response policy that lets every other name pass",
    (stacks) =>
      stacks.map((stack): SynthesizedStack => ({
        ...stack,
        json: JSON.parse(JSON.stringify(stack.json).replaceAll("\\n* CNAME .", "")) as SynthesizedStack["json"],
      })),
    "answers names that nothing lists",
  ],
  [
    "apps-sign-in-as-themselves",
    "a connection that names no identity",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.remove("app_settings.AzureWebJobsStorage__clientId");
      }),
    "AzureWebJobsStorage__clientId of lockdown-pc-consumer-eastus2 is missing",
  ],
  [
    "apps-sign-in-as-themselves",
    "another app's identity in the settings",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.set(
          "app_settings.ServiceBus__clientId",
          "${azurerm_user_assigned_identity.producer_identity_8E0E55CA.client_id}",
        );
      }),
    "ServiceBus__clientId of lockdown-pc-consumer-eastus2",
  ],
  [
    "apps-stay-in-the-network",
    "WEBSITE_DNS_SERVER",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.set("app_settings.WEBSITE_DNS_SERVER", "168.63.129.16");
      }),
    "WEBSITE_DNS_SERVER is set",
  ],
  [
    "apps-stay-in-the-network",
    "route-all off",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "producer_app"], (app) => {
        app.set("site_config.vnet_route_all_enabled", false);
      }),
    "vnet_route_all_enabled is off",
  ],
  [
    "apps-stay-in-the-network",
    "a consumer that sleeps",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.set("site_config.always_on", false);
      }),
    "always_on is off",
  ],
  [
    "each-app-has-one-identity",
    "two apps with one identity",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.set("identity.identity_ids", ["${azurerm_user_assigned_identity.producer_identity_8E0E55CA.id}"]);
      }),
    "have one identity",
  ],
  [
    "every-subnet-is-guarded",
    "network policies off for endpoints",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_subnet", "workload-subnet"], (subnet) => {
        subnet.remove("private_endpoint_network_policies");
      }),
    "which its security group does not apply to",
  ],
  [
    "every-subnet-is-guarded",
    "a subnet without its security group",
    (stacks) =>
      withoutResource(stacks, [
        "network-eastus2",
        "azurerm_subnet_network_security_group_association",
        "integration-subnet",
      ]),
    "integration-subnet in network-eastus2-rg has no security group",
  ],
  [
    "networks-are-as-declared",
    "two subnets with one security group",
    (stacks) =>
      edited(
        stacks,
        ["network-eastus2", "azurerm_subnet_network_security_group_association", "integration-subnet"],
        (association) => {
          association.set(
            "network_security_group_id",
            "${azurerm_network_security_group.spoke_workload-subnet_security-group_nsg_01371494.id}",
          );
        },
      ),
    "have one security group",
  ],
  [
    "every-subnet-is-guarded",
    "Azure's own way out",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_subnet", "integration-subnet"], (subnet) => {
        subnet.set("default_outbound_access_enabled", true);
      }),
    "out to the Internet by itself",
  ],
  ...(
    [
      ["DNSSEC validation", "dnssec-validation no", "dnssec-validation auto", "validates DNSSEC"],
      ["the spokes left out of its list", "  10.1.0.0/16;\n", "", "refuses questions of spoke-vnet"],
      ["another resolver", "forwarders { 168.63.129.16; }", "forwarders { 8.8.8.8; }", "asks 8.8.8.8"],
    ] as const
  ).map(
    ([what, from, to, finding]) =>
      [
        "forwarders-answer-from-private-zones",
        `BIND with ${what}`,
        (stacks: readonly SynthesizedStack[]) =>
          edited(stacks, ["network-eastus2", "azurerm_virtual_machine_run_command", "configure-1"], (command) => {
            const script = String(command.get("source.script"));
            if (!script.includes(from)) throw new Error(`There is no ${from} in the script.`);
            command.set("source.script", script.replace(from, to));
          }),
        finding,
      ] as const,
  ),
  [
    "links-redirect-but-for-service-bus",
    "a zone of storage that hides other people's accounts",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_private_dns_zone_virtual_network_link", "zones_blob"], (link) => {
        link.remove("resolution_policy");
      }),
    "hides every public name",
  ],
  [
    "networks-are-as-declared",
    "one DNS server instead of two",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_virtual_network", "spoke-vnet"], (network) => {
        network.remove("dns_servers.1");
      }),
    "does not ask the forwarder 10.0.2.5",
  ],
  [
    "no-rule-is-wider",
    "a rule for every port, which only the other end still closes",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_network_security_group", "integration-subnet-nsg"], (group) => {
        group.set(`${ruleIn(group, "to-service-bus-amqps")}.destination_port_range`, "*");
      }),
    "integration-subnet-nsg: to-service-bus-amqps also allows",
  ],
  [
    "no-rule-is-wider",
    "a deny rule that leaves out some source ports",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_network_security_group", "integration-subnet-nsg"], (group) => {
        group.set(`${ruleIn(group, "deny-all-outbound")}.source_port_range`, "1-1023");
      }),
    "to Azure's default rules",
  ],
  [
    "nothing-enters-from-the-internet",
    "a NAT rule, and a security group that lets the firewall in",
    (stacks) =>
      edited(
        edited(stacks, ["network-eastus2", "azurerm_firewall_policy_rule_collection_group"], (group) => {
          group.set("nat_rule_collection", [natCollection()]);
        }),
        ["network-eastus2", "azurerm_network_security_group", "DNSSubnet-nsg"],
        (group) => {
          group.push("security_rule", {
            ...(group.get(ruleIn(group, "integration-subnet-to-dns-forwarders-dns-tcp")) as object),
            name: "firewall",
            priority: 4000,
            source_address_prefix: "10.0.1.0/24",
          });
        },
      ),
    "the Internet reaches dns-forwarder-1-nic on tcp 8053",
  ],
  ["nothing-less", "a zone linked to the spoke", zoneLinkedToTheSpoke, "the name leads to a public address"],
  [
    "nothing-less",
    "the partner's record missing",
    (stacks) =>
      edited(stacks, ["geo-pair", "azurerm_private_endpoint", "EasttoCentral"], (endpoint) => {
        endpoint.remove("private_dns_zone_group");
      }),
    "NXDOMAIN",
  ],
  [
    "nothing-less",
    "an endpoint in the other region's spoke",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_private_endpoint", "consumer_endpoint"], (endpoint) => {
        endpoint.set("subnet_id", String(endpoint.get("subnet_id")).replace("eastus2", "centralus"));
        endpoint.set("ip_configuration.0.private_ip_address", "10.3.2.250");
      }),
    "has no endpoint for publishing to lockdown-pc-consumer-eastus2",
  ],
  [
    "nothing-less",
    "a peering's half missing",
    (stacks) => withoutResource(stacks, ["network-eastus2", "azurerm_virtual_network_peering", "hubtospoke"]),
    "to 10.0.2.4 on tcp 53",
  ],
  [
    "nothing-less",
    "no default route",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_route_table", "spoke-routes"], (table) => {
        table.set("route", []);
      }),
    "default_outbound_access_enabled is off",
  ],
  [
    "nothing-less",
    "an endpoint's port closed",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_network_security_group", "workload-subnet-nsg"], (group) => {
        group.set(`${ruleIn(group, "integration-subnet-to-service-bus-amqps")}.access`, "Deny");
      }),
    "workload-subnet-nsg: integration-subnet-to-service-bus-amqps",
  ],
  [
    "nothing-less",
    "legacy hosts of telemetry alone",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_firewall_policy_rule_collection_group"], (group) => {
        group.set("application_rule_collection.0.rule.0.destination_fqdns", [
          "dc.services.visualstudio.com",
          "rt.services.visualstudio.com",
        ]);
      }),
    "live.applicationinsights.azure.com on tcp 443 (telemetry): hub-firewall: no rule",
  ],
  [
    "nothing-more",
    "a rule that lets the forwarders be reached from everywhere",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_network_security_group", "DNSSubnet-nsg"], (group) => {
        const deny = group.get(ruleIn(group, "deny-all-inbound")) as object;
        group.push("security_rule", { ...deny, name: "open", access: "Allow", priority: 4000 });
      }),
    "which the topology does not declare",
  ],
  [
    "nothing-more",
    "a host that nothing declares",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_firewall_policy_rule_collection_group"], (group) => {
        group.push("application_rule_collection.0.rule.0.destination_fqdns", "*.example.com");
      }),
    "*.example.com",
  ],
  [
    "peerings-are-whole",
    "a peering that takes no forwarded traffic",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_virtual_network_peering", "spoketohub"], (peering) => {
        peering.set("allow_forwarded_traffic", false);
      }),
    "spoketohub of spoke-vnet takes no traffic that another network forwards",
  ],
  [
    "public-addresses-are-the-hubs",
    "a forwarder with a public address",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_network_interface", "dns_nic-1"], (nic) => {
        const id = "${azurerm_public_ip.hub_firewall_public-ip_8DB26004.id}";
        nic.set("ip_configuration.0.public_ip_address_id", id);
      }),
    "dns-forwarder-1-nic has a public address",
  ],
  [
    "regions-are-redundant",
    "both forwarders in one zone",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_linux_virtual_machine", "dns-forwarder-2"], (machine) => {
        machine.set("zone", "1");
      }),
    "is not in another zone",
  ],
  [
    "regions-are-redundant",
    "autoscale with other bounds",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_monitor_autoscale_setting"], (setting) => {
        setting.set("profile.0.capacity.minimum", 1);
      }),
    "keeps 1–9 workers and starts with 3, and the topology means 3–9 and 3",
  ],
  [
    "roles-are-as-declared",
    "a wider role",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_role_assignment", "consumer_identity_receive"], (role) => {
        role.set("role_definition_name", "Azure Service Bus Data Owner");
      }),
    'the role "Azure Service Bus Data Owner" on lockdown-pc-eastus2, which the topology does not declare',
  ],
  [
    "roles-are-as-declared",
    "a role on the primary alone",
    (stacks) =>
      withoutResource(stacks, ["workload-eastus2", "azurerm_role_assignment", "producer_identity_send-centralus"]),
    'has no role "Azure Service Bus Data Sender" on lockdown-pc-centralus',
  ],
  [
    "services-accept-no-keys",
    "account keys",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_storage_account", "lockdownpceastus2cn"], (account) => {
        account.set("shared_access_key_enabled", true);
      }),
    "lockdownpceastus2cn accepts account keys",
  ],
  ...(
    [
      ["messaging-eastus2", "azurerm_servicebus_namespace", "lockdown-pc-eastus2"],
      ["workload-eastus2", "azurerm_storage_account", "lockdownpceastus2"],
      ["workload-eastus2", "azurerm_windows_function_app", "lockdown-pc-producer-eastus2"],
    ] as const
  ).map(
    ([stack, type, name]) =>
      [
        "services-take-private-connections-only",
        `public access to ${name}`,
        (stacks: readonly SynthesizedStack[]) =>
          edited(stacks, [stack, type, name], (service) => {
            service.set("public_network_access_enabled", true);
          }),
        `${name} accepts connections from`,
      ] as const,
  ),
  [
    "the-internet-is-reached-by-name",
    "a network rule for every address",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_firewall_policy_rule_collection_group"], (group) => {
        group.set("network_rule_collection", [
          {
            name: "open",
            priority: 200,
            action: "Allow",
            rule: [
              {
                name: "any",
                protocols: ["TCP"],
                source_addresses: ["10.1.1.0/24"],
                destination_addresses: ["*"],
                destination_ports: ["443"],
              },
            ],
          },
        ]);
      }),
    "reaches every host of the Internet on tcp 443",
  ],
  [
    "the-pair-is-alike",
    "a smaller secondary",
    (stacks) =>
      edited(stacks, ["messaging-centralus", "azurerm_servicebus_namespace"], (namespace) => {
        namespace.set("capacity", 2);
      }),
    "capacity of lockdown-pc-centralus is 2",
  ],
  [
    "apps-hold-no-keys",
    "a connection string of the code's own",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.set("app_settings.ORDERS", "Server=orders;User Id=app;Password=Secret1");
      }),
    "the setting ORDERS of lockdown-pc-consumer-eastus2 holds a key",
  ],
  [
    "apps-hold-no-keys",
    "a key by a reference",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        const account = String(app.get("storage_account_name"));
        app.set("app_settings.ORDERS", account.replace(".name}", ".primary_access_key}"));
      }),
    "the setting ORDERS of lockdown-pc-consumer-eastus2 holds a key",
  ],
  [
    "apps-sign-in-as-themselves",
    "a connection that does not say how it signs in",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.remove("app_settings.AzureWebJobsStorage__credential");
      }),
    "AzureWebJobsStorage__credential of lockdown-pc-consumer-eastus2 is missing",
  ],
  [
    "apps-know-the-entities",
    "a consumer without a trigger",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (app) => {
        app.set("app_settings.CONSUMER_SOURCES", "[]");
      }),
    "CONSUMER_SOURCES of lockdown-pc-consumer-eastus2 lacks queue1;30",
  ],
  [
    "apps-know-the-entities",
    "a producer that takes no posts for a topic",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "producer_app"], (app) => {
        app.set("app_settings.PRODUCER_ENTITIES", '["queue1"]');
      }),
    "PRODUCER_ENTITIES of lockdown-pc-producer-eastus2 lacks topic1",
  ],
  [
    "entities-are-as-declared",
    "a queue that is missing",
    (stacks) => withoutResource(stacks, ["geo-pair", "azurerm_servicebus_queue", "queue1"]),
    "queue1 is in no namespace of its stamp",
  ],
  [
    "entities-are-as-declared",
    "a subscription with another lock",
    (stacks) =>
      edited(stacks, ["geo-pair", "azurerm_servicebus_subscription", "subscription1"], (subscription) => {
        subscription.set("lock_duration", "PT5M");
      }),
    'lock_duration of topic1/subscription1 is "PT5M", and the topology says "PT30S"',
  ],
  [
    "entities-are-as-declared",
    "a topic that nothing declares",
    (stacks) =>
      edited(stacks, ["geo-pair", "azurerm_servicebus_topic", "topic1"], (topic) => {
        topic.set("name", "topic2");
      }),
    "topic2 is in a namespace, and the topology does not declare it",
  ],
  [
    "no-rule-is-wider",
    "a NAT rule that only a security group still closes",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_firewall_policy_rule_collection_group", "firewall"], (group) => {
        group.set("nat_rule_collection", [natCollection()]);
      }),
    "in/dns also allows",
  ],
  [
    "services-accept-no-keys",
    "SFTP",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_storage_account", "lockdownpceastus2cn"], (account) => {
        account.set("sftp_enabled", true);
      }),
    "lockdownpceastus2cn accepts users of SFTP",
  ],
  [
    "apps-have-their-settings",
    "a trigger that is switched off",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "consumer_app"], (block) => {
        block.set("app_settings", { ...(block.get("app_settings") as object), "AzureWebJobs.queue1.Disabled": "true" });
      }),
    "lockdown-pc-consumer-eastus2 has the setting AzureWebJobs.queue1.Disabled",
  ],
  [
    "apps-have-their-settings",
    "a producer without limits",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "producer_app"], (block) => {
        block.remove("app_settings.PRODUCER_LIMITS");
      }),
    "lockdown-pc-producer-eastus2 lacks the setting PRODUCER_LIMITS",
  ],
  [
    "apps-hold-no-keys",
    "a connection string beside the settings",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "producer_app"], (block) => {
        block.set("connection_string", [{ name: "bus", type: "ServiceBus", value: "Endpoint=sb://x" }]);
      }),
    "connection_string of lockdown-pc-producer-eastus2 holds a key",
  ],
  [
    "apps-hold-no-keys",
    "a mounted share with its key",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "producer_app"], (block) => {
        block.set("storage_account", [{ name: "s", access_key: "abc" }]);
      }),
    "storage_account.access_key of lockdown-pc-producer-eastus2 holds a key",
  ],
  [
    "apps-hold-no-keys",
    "a key within a function of Terraform",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "producer_app"], (block) => {
        block.set("app_settings.ORDERS", "${nonsensitive(azurerm_storage_account.x.primary_access_key)}");
      }),
    "the setting ORDERS of lockdown-pc-producer-eastus2 holds a key",
  ],
  [
    "each-app-has-one-identity",
    "another issuer's tokens for an app's identity",
    (stacks) =>
      withResource(stacks, ["workload-eastus2", "azurerm_federated_identity_credential", "foreign"], {
        name: "foreign",
        issuer: "https://token.actions.githubusercontent.com",
        subject: "repo:other/repo:ref:refs/heads/main",
        parent_id: identityOf(stacks, "producer"),
      }),
    "repo:other/repo:ref:refs/heads/main of https://token.actions.githubusercontent.com signs in as lockdown-pc-producer-eastus2",
  ],
  [
    "entities-are-as-declared",
    "a queue that forwards what it gets",
    (stacks) =>
      edited(stacks, ["geo-pair", "azurerm_servicebus_queue", "queue1"], (block) => {
        block.set("forward_to", "topic1");
      }),
    'forward_to of queue1 is "topic1", and the topology does not say it',
  ],
  [
    "forwarders-answer-listed-names-only",
    "a name that nothing uses",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_virtual_machine_run_command", "configure-1"], (block) => {
        block.set(
          "source.script",
          String(block.get("source.script")).replace(
            "cdn.functions.azure.com CNAME",
            "evil.example CNAME rpz-passthru.\n*.evil.example CNAME rpz-passthru.\nexample CNAME .\n*.example CNAME .\ncdn.functions.azure.com CNAME",
          ),
        );
      }),
    "dns-forwarder-1 answers for evil.example, which nothing uses",
  ],
  [
    "namespaces-are-as-declared",
    "a larger namespace",
    (stacks) =>
      edited(stacks, ["messaging-eastus2", "azurerm_servicebus_namespace"], (block) => {
        block.set("capacity", 2);
      }),
    "capacity of lockdown-pc-eastus2 is 2, and the topology means 1",
  ],
  [
    "no-rule-is-wider",
    "a tag that no declared host is in",
    (stacks) =>
      edited(stacks, ["network-eastus2", "azurerm_network_security_group", "workload-subnet-nsg"], (block) => {
        block.set(`${ruleIn(block, "from-deploy-agents-to-entra-https")}.destination_address_prefix`, "Internet");
      }),
    "from-deploy-agents-to-entra-https also allows the tag Internet",
  ],
  [
    "nothing-less",
    "an endpoint that waits for approval",
    (stacks) =>
      edited(stacks, ["geo-pair", "azurerm_private_endpoint", "EasttoEast"], (block) => {
        block.set("private_service_connection.is_manual_connection", true);
      }),
    "it is not known whether it opens",
  ],
  [
    "regions-are-redundant",
    "no autoscale",
    (stacks) => withoutResource(stacks, ["workload-eastus2", "azurerm_monitor_autoscale_setting"]),
    "has no autoscale setting",
  ],
  [
    "regions-are-redundant",
    "a smaller plan",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_service_plan"], (block) => {
        block.set("sku_name", "B1");
      }),
    "has the SKU B1, and the topology means P1v3",
  ],
  [
    "roles-are-as-declared",
    "a role for a client id, which is no principal",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_role_assignment", "producer_identity_send-eastus2"], (block) => {
        block.set("principal_id", String(block.get("principal_id")).replace("principal_id", "client_id"));
      }),
    "it sends to every namespace, and has no role",
  ],
  [
    "tls-is-current",
    "an old version of TLS",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_storage_account", "lockdownpceastus2cn"], (block) => {
        block.set("min_tls_version", "TLS1_0");
      }),
    "lockdownpceastus2cn takes TLS TLS1_0",
  ],
  [
    "tls-is-current",
    "a site with an old version of TLS",
    (stacks) =>
      edited(stacks, ["workload-eastus2", "azurerm_windows_function_app", "producer_app"], (block) => {
        block.set("site_config.minimum_tls_version", "1.0");
      }),
    "lockdown-pc-producer-eastus2 takes TLS 1.0",
  ],
  [
    "entities-are-as-declared",
    "a queue that a plan may delete",
    (stacks) =>
      edited(stacks, ["geo-pair", "azurerm_servicebus_queue", "queue1"], (block) => {
        block.set("lifecycle", {});
      }),
    "prevent_destroy of queue1 is off",
  ],
  [
    "networks-are-as-declared",
    "a peering past the hub",
    (stacks) =>
      withResource(stacks, ["network-eastus2", "azurerm_virtual_network_peering", "past"], {
        name: "past",
        resource_group_name: "network-eastus2-rg",
        virtual_network_name: "spoke-vnet",
        remote_virtual_network_id:
          "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/network-centralus-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet",
      }),
    "past of spoke-vnet leads to spoke-vnet, which is not its hub",
  ],
  [
    "namespaces-are-as-declared",
    "no pairing",
    (stacks) => withoutResource(stacks, ["geo-pair", "azurerm_servicebus_namespace_disaster_recovery_config"]),
    "no stack pairs lockdown-pc-eastus2 with lockdown-pc-centralus under the alias lockdown-pc",
  ],
];

/** The reference by which the stack's own resources name an app's identity. */
function identityOf(stacks: readonly SynthesizedStack[], app: string): string {
  const identities = stacks.find(({ name }) => name === "workload-eastus2")?.json.resource
    ?.azurerm_user_assigned_identity;
  const id = Object.keys(identities ?? {}).find((each) => each.startsWith(app));
  return `\${azurerm_user_assigned_identity.${id ?? ""}.id}`;
}

/** The firewall's public address, port 8053, leads to a forwarder. */
function natCollection() {
  const rule = {
    name: "dns",
    protocols: ["TCP"],
    source_addresses: ["*"],
    destination_address: "${azurerm_public_ip.hub_firewall_public-ip_8DB26004.ip_address}",
    destination_ports: ["8053"],
    translated_address: "10.0.2.4",
    translated_port: 53,
  };
  return { name: "in", priority: 100, action: "Dnat", rule: [rule] };
}

function ruleIn(group: Editable, name: string): string {
  return group.named("security_rule", name);
}

const topology = topologyWith();
let right: SynthesizedStack[];
beforeAll(() => {
  right = build();
});

function found(stacks: readonly SynthesizedStack[], claim: string, declared: Topology = topology): string {
  const claims = CLAIMS.filter(({ name }) => name === claim);
  return verdictOn(stacks, { topology: declared, rules: [], claims })
    .findings.map(({ what }) => what)
    .join("\n");
}

test.each(MISTAKES)("%s finds %s", (claim, _, mistake, finding) => {
  expect(found(right, claim)).toBe("");
  expect(found(mistake(right), claim)).toContain(finding);
});

test("every claim has a mistake that breaks it", () => {
  expect(new Set(MISTAKES.map(([claim]) => claim))).toEqual(new Set(CLAIMS.map(({ name }) => name)));
});

test("without a topology only general claims are checked, and the others are named", () => {
  const { findings, unchecked } = verdictOn(right, { rules: [] });
  expect(findings).toEqual([]);
  expect(unchecked).toEqual(CLAIMS.filter(({ needs }) => needs !== "stacks").map(({ name }) => name));
});
