import { resourcesOf, type SynthesizedStack } from "../../../synthesized/cdktf-out";
import { armId } from "../../../synthesized/arm-id";
import { all, type Located, placeOf, referred } from "../../../synthesized/resources";
import { flag, idIn, optionalText, type Part, partOf, partsIn, texts } from "../../../synthesized/views/attributes";
import { addressesOf } from "../../packets/addresses";
import type { Firewall, Unmodelled } from "../model";
import { originOf } from "./origins";
import { WITH_A_SWITCH } from "./services";

/** What the model reads. */
const MODELLED = new Set([
  ...WITH_A_SWITCH,
  "azurerm_application_insights",
  "azurerm_firewall",
  "azurerm_firewall_policy",
  "azurerm_firewall_policy_rule_collection_group",
  "azurerm_linux_function_app",
  "azurerm_linux_virtual_machine",
  "azurerm_linux_web_app",
  "azurerm_local_network_gateway",
  "azurerm_monitor_private_link_scope",
  "azurerm_monitor_private_link_scoped_service",
  "azurerm_network_interface",
  "azurerm_network_interface_security_group_association",
  "azurerm_network_security_group",
  "azurerm_network_security_rule",
  "azurerm_private_dns_a_record",
  "azurerm_private_dns_zone",
  "azurerm_private_dns_zone_virtual_network_link",
  "azurerm_private_endpoint",
  "azurerm_public_ip",
  "azurerm_role_assignment",
  "azurerm_route",
  "azurerm_route_table",
  "azurerm_servicebus_namespace",
  "azurerm_servicebus_namespace_disaster_recovery_config",
  "azurerm_storage_account",
  "azurerm_subnet",
  "azurerm_subnet_network_security_group_association",
  "azurerm_subnet_route_table_association",
  "azurerm_virtual_machine_run_command",
  "azurerm_virtual_network",
  "azurerm_virtual_network_dns_servers",
  "azurerm_virtual_network_gateway",
  "azurerm_virtual_network_peering",
  "azurerm_windows_function_app",
  "azurerm_windows_web_app",
]);

/** What neither carries, nor names, nor blocks traffic between the places of the model. */
const WITHOUT_EFFECT = new Set([
  "azurerm_app_service_certificate",
  "azurerm_consumption_budget_resource_group",
  "azurerm_federated_identity_credential",
  "azurerm_key_vault_access_policy",
  "azurerm_key_vault_certificate",
  "azurerm_key_vault_key",
  "azurerm_key_vault_secret",
  "azurerm_log_analytics_solution",
  "azurerm_log_analytics_workspace",
  "azurerm_management_group_policy_assignment",
  "azurerm_management_lock",
  "azurerm_monitor_action_group",
  "azurerm_monitor_activity_log_alert",
  "azurerm_monitor_autoscale_setting",
  "azurerm_monitor_data_collection_rule",
  "azurerm_monitor_diagnostic_setting",
  "azurerm_monitor_metric_alert",
  "azurerm_monitor_scheduled_query_rules_alert_v2",
  "azurerm_mssql_database",
  "azurerm_network_ddos_protection_plan",
  "azurerm_network_watcher",
  "azurerm_network_watcher_flow_log",
  "azurerm_policy_definition",
  "azurerm_portal_dashboard",
  "azurerm_postgresql_flexible_server_active_directory_administrator",
  "azurerm_postgresql_flexible_server_configuration",
  "azurerm_postgresql_flexible_server_database",
  "azurerm_resource_group",
  "azurerm_resource_group_policy_assignment",
  "azurerm_resource_provider_registration",
  "azurerm_role_definition",
  "azurerm_service_plan",
  "azurerm_servicebus_queue",
  "azurerm_servicebus_subscription",
  "azurerm_servicebus_subscription_rule",
  "azurerm_servicebus_topic",
  "azurerm_ssh_public_key",
  "azurerm_storage_container",
  "azurerm_storage_management_policy",
  "azurerm_storage_queue",
  "azurerm_storage_table",
  "azurerm_subscription_policy_assignment",
  "azurerm_user_assigned_identity",
  "azurerm_virtual_machine_extension",
  "data_azurerm_client_config",
  "data_azurerm_resource_group",
  "data_azurerm_role_definition",
  "data_azurerm_subscription",
  "terraform_data",
]);

/** Providers that know nothing of a network. */
const OTHER_PROVIDERS = /^(archive|local|null|random|terraform|time|tls)_/;

/** What some types do to traffic; of the others it is only known that they may. */
const EFFECTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...["namespace", "queue", "topic"].map((part) => `azurerm_servicebus_${part}_authorization_rule`),
      "azurerm_storage_account_local_user",
      "azurerm_application_insights_api_key",
    ].map((type) => [type, "it makes a key or a password, which needs no role"]),
  ),
  azurerm_nat_gateway:
    "it changes the sender of what leaves, and lets hosts without a public address reach the Internet",
  azurerm_subnet_nat_gateway_association: "it lets hosts of the subnet reach the Internet",
  azurerm_lb: "it takes connections and passes them on",
  azurerm_application_gateway: "it takes connections and passes them on",
  azurerm_virtual_wan: "it routes between networks",
  azurerm_virtual_hub: "it routes between networks",
  azurerm_virtual_hub_connection: "it connects a network to a hub that routes",
  azurerm_bastion_host: "it opens a way to virtual machines from the Internet",
  azurerm_route_server: "it announces routes",
  azurerm_private_dns_resolver: "it answers for names",
  azurerm_private_dns_cname_record: "it leads a name to another name",
  azurerm_cdn_frontdoor_profile: "it takes connections from the Internet and passes them on",
};

export function unmodelledIn(stacks: readonly SynthesizedStack[]): Unmodelled[] {
  const types = stacks.flatMap((stack) =>
    resourcesOf(stack)
      .filter(({ type }) => !MODELLED.has(type) && !WITHOUT_EFFECT.has(type) && !OTHER_PROVIDERS.test(type))
      .map(({ type, id, block }) =>
        unmodelled(
          { stack, type, id, block, address: `${type}.${id}` },
          EFFECTS[type] ?? "it may carry, name or block traffic",
        ),
      ),
  );
  return [...types, ...serviceEndpoints(stacks), ...firewalls(stacks), ...unreadForms(stacks)];
}

function serviceEndpoints(stacks: readonly SynthesizedStack[]): Unmodelled[] {
  const has = (part: Part) => texts(part, "service_endpoints").length > 0;
  return [
    ...all(stacks, "azurerm_subnet").filter((subnet) => has(partOf(subnet))),
    ...all(stacks, "azurerm_virtual_network").filter((network) => partsIn(partOf(network), "subnet").some(has)),
  ].map((resource) => unmodelled(resource, "service endpoints lead past routes to public services"));
}

/** Attributes of modelled resources that decide something and are not read. */
function unreadForms(stacks: readonly SynthesizedStack[]): Unmodelled[] {
  const machines = new Set(
    all(stacks, "azurerm_virtual_machine_run_command").map((command) => idIn(partOf(command), "virtual_machine_id")),
  );
  const where = (type: string, is: (part: Part) => boolean, why: string) =>
    all(stacks, type)
      .filter((resource) => is(partOf(resource)))
      .map((resource) => unmodelled(resource, why));
  return [
    ...where(
      "azurerm_virtual_network_peering",
      (peering) =>
        !flag(peering, "peer_complete_virtual_networks_enabled", true) ||
        flag(peering, "only_ipv6_peering_enabled", false),
      "it connects some subnets of the networks, and not all",
    ),
    ...where(
      "azurerm_network_interface",
      (nic) => texts(nic, "dns_servers").length > 0,
      "its machine asks DNS servers of its own",
    ),
    ...where(
      "azurerm_virtual_machine_extension",
      (extension) => machines.has(idIn(extension, "virtual_machine_id")),
      "it may change what its machine does, and the machine answers for names",
    ),
    ...where(
      "azurerm_role_assignment",
      (role) => optionalText(role, "condition") !== undefined,
      "its condition gives a part of the role's rights",
    ),
  ];
}

/** Forms of a firewall that lead packets in a way of their own. */
function firewalls(stacks: readonly SynthesizedStack[]): Unmodelled[] {
  const isOn = (policy: Located, block: string, key: string) =>
    partsIn(partOf(policy), block).some((part) => flag(part, key, false));
  return [
    ...all(stacks, "azurerm_firewall").flatMap((firewall) => [
      ...(partsIn(partOf(firewall), "virtual_hub").length > 0
        ? [unmodelled(firewall, "a firewall of a virtual hub routes by the hub's rules")]
        : []),
      ...(partsIn(partOf(firewall), "ip_configuration").length > 1
        ? [unmodelled(firewall, "only the first of its public addresses is read")]
        : []),
    ]),
    ...all(stacks, "azurerm_firewall_policy").flatMap((policy) => [
      ...(policy.block.base_policy_id !== undefined &&
      policy.block.base_policy_id !== null &&
      !isMadeHere(stacks, policy, policy.block.base_policy_id)
        ? [unmodelled(policy, "the rules of its parent policy come first, and no stack shows them")]
        : []),
      ...(isOn(policy, "dns", "proxy_enabled")
        ? [unmodelled(policy, "its firewall answers for names by its DNS proxy")]
        : []),
      ...(isOn(policy, "explicit_proxy", "enabled")
        ? [unmodelled(policy, "its firewall takes connections for itself as an explicit proxy")]
        : []),
    ]),
  ];
}

function isMadeHere(stacks: readonly SynthesizedStack[], policy: Located, parent: unknown): boolean {
  if (referred(policy, parent)) return true;
  const id = typeof parent === "string" ? parent.toLowerCase() : "";
  return all(stacks, "azurerm_firewall_policy").some((each) => armId(each) === id);
}

/** NAT rules that wait at another address than the firewall's public one that is read: a literal address is known only after the deployment, and a private one is that of the firewall itself. */
export function strayTranslations(all: readonly Firewall[]): Unmodelled[] {
  return all.flatMap(({ publicAddress, rules }) =>
    rules
      .filter(({ kind }) => kind === "nat")
      .filter(
        ({ destinations }) =>
          publicAddress === undefined || destinations?.and(addressesOf(publicAddress)).isEmpty === true,
      )
      .map(({ origin }) => ({
        resource: origin.resource,
        type: "azurerm_firewall_policy_rule_collection_group",
        why: "no public address of the firewall that the stacks show is the one where its NAT rule waits: name it by a reference",
        origin,
      })),
  );
}

function unmodelled(resource: Located, why: string): Unmodelled {
  return { resource: placeOf(resource), type: resource.type, why, origin: originOf(partOf(resource)) };
}
