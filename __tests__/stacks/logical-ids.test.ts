import { resourcesOf } from "../../synthesized/cdktf-out";
import { build } from "../support/build";

/** A changed id is a resource destroyed and made anew. What holds data or takes long to make is pinned here. */
const STATEFUL = new Set([
  "azurerm_resource_group",
  "azurerm_virtual_network",
  "azurerm_firewall",
  "azurerm_linux_virtual_machine",
  "azurerm_log_analytics_workspace",
  "azurerm_private_dns_zone",
  "azurerm_servicebus_namespace",
  "azurerm_servicebus_namespace_disaster_recovery_config",
  "azurerm_servicebus_queue",
  "azurerm_servicebus_topic",
  "azurerm_servicebus_subscription",
  "azurerm_storage_account",
  "azurerm_user_assigned_identity",
  "azurerm_windows_function_app",
]);

test("the ids of what holds state do not move", () => {
  const ids = build()
    .filter(({ name }) => !name.endsWith("centralus"))
    .flatMap((stack) =>
      resourcesOf(stack)
        .filter(({ type }) => STATEFUL.has(type))
        .map(({ type, id }) => `${stack.name} ${type}.${id}`),
    );
  expect(ids.sort()).toMatchInlineSnapshot(`
    [
      "geo-pair azurerm_servicebus_namespace_disaster_recovery_config.pairing",
      "geo-pair azurerm_servicebus_queue.entities_queue-queue1_23BBCF2B",
      "geo-pair azurerm_servicebus_subscription.entities_topic-topic1_subscription-subscription1_E48A902B",
      "geo-pair azurerm_servicebus_topic.entities_topic-topic1_4B2428BD",
      "messaging-eastus2 azurerm_resource_group.resource-group",
      "messaging-eastus2 azurerm_servicebus_namespace.namespace",
      "network-eastus2 azurerm_firewall.hub_firewall_D5DD1780",
      "network-eastus2 azurerm_linux_virtual_machine.dns_vm-1_4C5B9C5A",
      "network-eastus2 azurerm_linux_virtual_machine.dns_vm-2_9F5BFA17",
      "network-eastus2 azurerm_log_analytics_workspace.logs",
      "network-eastus2 azurerm_private_dns_zone.zones_blob_178F2B99",
      "network-eastus2 azurerm_private_dns_zone.zones_queue_4742A2DB",
      "network-eastus2 azurerm_private_dns_zone.zones_serviceBus_B926DF07",
      "network-eastus2 azurerm_private_dns_zone.zones_sites_910ED9A8",
      "network-eastus2 azurerm_private_dns_zone.zones_table_3B60D1DA",
      "network-eastus2 azurerm_resource_group.resource-group",
      "network-eastus2 azurerm_virtual_network.hub_vnet_858991EC",
      "network-eastus2 azurerm_virtual_network.spoke_vnet_92DF0393",
      "workload-eastus2 azurerm_resource_group.resource-group",
      "workload-eastus2 azurerm_storage_account.consumer-storage_account_EFA0C8A8",
      "workload-eastus2 azurerm_storage_account.storage_account_E377CD4D",
      "workload-eastus2 azurerm_user_assigned_identity.consumer_identity_FA5ABAE9",
      "workload-eastus2 azurerm_user_assigned_identity.producer_identity_8E0E55CA",
      "workload-eastus2 azurerm_windows_function_app.consumer_app_23816992",
      "workload-eastus2 azurerm_windows_function_app.producer_app_5F38533B",
    ]
  `);
});
