import { type Located, textOf } from "./resources";

/** The path of a resource type below its resource group, by the resource's name. */
const PATHS: Record<string, (name: string, resource: Located) => string> = {
  azurerm_application_insights: (name) => `Microsoft.Insights/components/${name}`,
  azurerm_monitor_private_link_scope: (name) => `Microsoft.Insights/privateLinkScopes/${name}`,
  azurerm_user_assigned_identity: (name) => `Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
  azurerm_servicebus_namespace: (name) => `Microsoft.ServiceBus/namespaces/${name}`,
  azurerm_private_dns_zone: (name) => `Microsoft.Network/privateDnsZones/${name}`,
  azurerm_virtual_network: (name) => `Microsoft.Network/virtualNetworks/${name}`,
  azurerm_linux_virtual_machine: (name) => `Microsoft.Compute/virtualMachines/${name}`,
  azurerm_private_endpoint: (name) => `Microsoft.Network/privateEndpoints/${name}`,
  azurerm_subnet: (name, subnet) =>
    `Microsoft.Network/virtualNetworks/${textOf(subnet, "virtual_network_name")}/subnets/${name}`,
  azurerm_windows_function_app: (name) => `Microsoft.Web/sites/${name}`,
  azurerm_storage_account: (name) => `Microsoft.Storage/storageAccounts/${name}`,
  azurerm_log_analytics_workspace: (name) => `Microsoft.OperationalInsights/workspaces/${name}`,
};

/** The ARM id that a resource will have, as another stack computes it; lower-case, as ARM ids ignore case. @throws Error where the stack lacks a part of it */
export function armId(resource: Located): string {
  const path = PATHS[resource.type];
  if (!path) throw new Error(`No ARM path is known for ${resource.type}: add it to synthesized/arm-id.ts.`);
  const name = textOf(resource, "name");
  const group = textOf(resource, "resource_group_name");
  const subscription: unknown = resource.stack.json.locals?.subscription;
  if (typeof subscription !== "string")
    throw new Error(`The stack ${resource.stack.name} has no local "subscription".`);
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${path(name, resource)}`.toLowerCase();
}
