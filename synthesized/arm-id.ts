import { type Located, textOf } from "./resources";

/** The path of a resource type below its resource group, by the resource's name. */
const PATHS: Record<string, (name: string, resource: Located) => string> = {
  azurerm_application_insights: (name) => `Microsoft.Insights/components/${name}`,
  azurerm_monitor_private_link_scope: (name) => `Microsoft.Insights/privateLinkScopes/${name}`,
  azurerm_user_assigned_identity: (name) => `Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
  azurerm_service_plan: (name) => `Microsoft.Web/serverFarms/${name}`,
  azurerm_monitor_autoscale_setting: (name) => `Microsoft.Insights/autoscaleSettings/${name}`,
  azurerm_servicebus_namespace: (name) => `Microsoft.ServiceBus/namespaces/${name}`,
  azurerm_private_dns_zone: (name) => `Microsoft.Network/privateDnsZones/${name}`,
  azurerm_virtual_network: (name) => `Microsoft.Network/virtualNetworks/${name}`,
  azurerm_linux_virtual_machine: (name) => `Microsoft.Compute/virtualMachines/${name}`,
  azurerm_private_endpoint: (name) => `Microsoft.Network/privateEndpoints/${name}`,
  azurerm_subnet: (name, subnet) =>
    `Microsoft.Network/virtualNetworks/${textOf(subnet, "virtual_network_name")}/subnets/${name}`,
  azurerm_network_interface: (name) => `Microsoft.Network/networkInterfaces/${name}`,
  azurerm_network_security_group: (name) => `Microsoft.Network/networkSecurityGroups/${name}`,
  azurerm_route_table: (name) => `Microsoft.Network/routeTables/${name}`,
  azurerm_public_ip: (name) => `Microsoft.Network/publicIPAddresses/${name}`,
  azurerm_firewall: (name) => `Microsoft.Network/azureFirewalls/${name}`,
  azurerm_firewall_policy: (name) => `Microsoft.Network/firewallPolicies/${name}`,
  azurerm_virtual_network_gateway: (name) => `Microsoft.Network/virtualNetworkGateways/${name}`,
  azurerm_local_network_gateway: (name) => `Microsoft.Network/localNetworkGateways/${name}`,
  azurerm_windows_function_app: site,
  azurerm_linux_function_app: site,
  azurerm_windows_web_app: site,
  azurerm_linux_web_app: site,
  azurerm_storage_account: (name) => `Microsoft.Storage/storageAccounts/${name}`,
  azurerm_key_vault: (name) => `Microsoft.KeyVault/vaults/${name}`,
  azurerm_mssql_server: (name) => `Microsoft.Sql/servers/${name}`,
  azurerm_postgresql_flexible_server: (name) => `Microsoft.DBforPostgreSQL/flexibleServers/${name}`,
  azurerm_cosmosdb_account: (name) => `Microsoft.DocumentDB/databaseAccounts/${name}`,
  azurerm_redis_cache: (name) => `Microsoft.Cache/redis/${name}`,
  azurerm_app_configuration: (name) => `Microsoft.AppConfiguration/configurationStores/${name}`,
  azurerm_container_registry: (name) => `Microsoft.ContainerRegistry/registries/${name}`,
  azurerm_eventhub_namespace: (name) => `Microsoft.EventHub/namespaces/${name}`,
  azurerm_cognitive_account: (name) => `Microsoft.CognitiveServices/accounts/${name}`,
  azurerm_search_service: (name) => `Microsoft.Search/searchServices/${name}`,
  azurerm_windows_virtual_machine: (name) => `Microsoft.Compute/virtualMachines/${name}`,
  azurerm_log_analytics_workspace: (name) => `Microsoft.OperationalInsights/workspaces/${name}`,
};

function site(name: string): string {
  return `Microsoft.Web/sites/${name}`;
}

/** The ARM id that a resource will have, as another stack computes it; lower-case, as ARM ids ignore case. @throws Error where the stack lacks a part of it */
export function armId(resource: Located): string {
  // A plan knows the id of what is deployed already.
  if (typeof resource.block.id === "string") return resource.block.id.toLowerCase();
  const path = PATHS[resource.type];
  if (!path) return ownId(resource);
  const name = textOf(resource, "name");
  const group = textOf(resource, "resource_group_name");
  const subscription: unknown = resource.stack.json.locals?.subscription;
  if (typeof subscription !== "string")
    throw new Error(`The stack ${resource.stack.name} has no local "subscription".`);
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${path(name, resource)}`.toLowerCase();
}

/** A resource of a type that is not listed is named by references of its own stack alone: an id that no other has is enough. */
function ownId({ stack, type, id }: Located): string {
  return `/terraform/${stack.name}/${type}/${id}`.toLowerCase();
}
