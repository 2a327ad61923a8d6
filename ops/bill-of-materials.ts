import type { SynthesizedStack } from "../synthesized/cdktf-out";
import { all, type Located } from "../synthesized/resources";
import { number, type Part, partOf, text } from "../synthesized/views/attributes";

/** Something Azure bills per unit, and how many units one resource is. */
interface BilledType {
  readonly item: (resource: Part) => string;
  readonly count: (resource: Part) => number;
}

const each = (item: string): BilledType => ({ item: () => item, count: () => 1 });
const named = (item: (resource: Part) => string): BilledType => ({ item, count: () => 1 });

/** The resource types that cost money by existing. Traffic, log volume and operations come on top and are not counted. */
const BILLED: Record<string, BilledType> = {
  azurerm_firewall: named((firewall) => `Azure Firewall ${text(firewall, "sku_tier")}`),
  azurerm_virtual_network_gateway: named((gateway) => `gateway ${text(gateway, "sku")}`),
  azurerm_public_ip: each("public IP address, Standard"),
  azurerm_linux_virtual_machine: named((machine) => `VM ${text(machine, "size")} with its disk`),
  azurerm_private_dns_zone: each("private DNS zone"),
  azurerm_private_endpoint: each("private endpoint"),
  azurerm_servicebus_namespace: {
    item: () => "Service Bus Premium messaging unit",
    count: (namespace) => number(namespace, "capacity"),
  },
  azurerm_service_plan: {
    item: (plan) => `App Service worker ${text(plan, "sku_name")}, at least`,
    count: (plan) => number(plan, "worker_count"),
  },
  azurerm_storage_account: named((account) => `storage account ${text(account, "account_replication_type")}`),
  azurerm_log_analytics_workspace: each("Log Analytics workspace (by volume)"),
};

export interface BillLine {
  readonly item: string;
  /** By region. */
  readonly counts: ReadonlyMap<string, number>;
}

/** What is billed per unit in each region, counted from the synthesized stacks. */
export function billOfMaterials(stacks: readonly SynthesizedStack[]): BillLine[] {
  const lines = new Map<string, Map<string, number>>();
  for (const resource of all(stacks, ...Object.keys(BILLED))) {
    const billed = BILLED[resource.type];
    if (!billed) continue;
    const part = partOf(resource);
    const counts = lines.get(billed.item(part)) ?? new Map<string, number>();
    const location = locationOf(resource);
    counts.set(location, (counts.get(location) ?? 0) + billed.count(part));
    lines.set(billed.item(part), counts);
  }
  return [...lines].map(([item, counts]) => ({ item, counts })).sort((one, other) => (one.item < other.item ? -1 : 1));
}

/** A private zone has no location of its own: its stack's resource group has. */
function locationOf(resource: Located): string {
  const [group] = all([resource.stack], "azurerm_resource_group");
  const placed = resource.block.location === undefined ? group : resource;
  if (!placed) throw new Error(`${resource.stack.name} has no resource group.`);
  return text(partOf(placed), "location");
}
