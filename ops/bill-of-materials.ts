import { type Block, resourcesOf, type SynthesizedStack } from "../synthesized/cdktf-out";

/** Something Azure bills by the piece, and how many pieces one resource is. */
interface BilledType {
  readonly item: (block: Block) => string;
  readonly count: (block: Block) => number;
}

const each = (item: string): BilledType => ({ item: () => item, count: () => 1 });

/** The resource types that cost money by existing. Traffic, log volume and operations come on top and are not counted. */
const BILLED: Record<string, BilledType> = {
  azurerm_firewall: { item: ({ sku_tier }) => `Azure Firewall ${String(sku_tier)}`, count: () => 1 },
  azurerm_virtual_network_gateway: { item: ({ sku }) => `gateway ${String(sku)}`, count: () => 1 },
  azurerm_public_ip: each("public IP address, Standard"),
  azurerm_linux_virtual_machine: { item: ({ size }) => `VM ${String(size)} with its disk`, count: () => 1 },
  azurerm_private_dns_zone: each("private DNS zone"),
  azurerm_private_endpoint: each("private endpoint"),
  azurerm_servicebus_namespace: {
    item: () => "Service Bus Premium messaging unit",
    count: ({ capacity }) => Number(capacity),
  },
  azurerm_service_plan: {
    item: ({ sku_name }) => `App Service worker ${String(sku_name)}, at least`,
    count: ({ worker_count }) => Number(worker_count),
  },
  azurerm_storage_account: {
    item: ({ account_replication_type }) => `storage account ${String(account_replication_type)}`,
    count: () => 1,
  },
  azurerm_log_analytics_workspace: each("Log Analytics workspace (by volume)"),
};

export interface BillLine {
  readonly item: string;
  /** By region. */
  readonly counts: ReadonlyMap<string, number>;
}

/** What is billed by the piece in each region, counted from the synthesized stacks. */
export function billOfMaterials(stacks: readonly SynthesizedStack[]): BillLine[] {
  const lines = new Map<string, Map<string, number>>();
  for (const { type, block } of stacks.flatMap((stack) => locatedResources(stack))) {
    const billed = BILLED[type];
    if (!billed) continue;
    const counts = lines.get(billed.item(block)) ?? new Map<string, number>();
    const location = String(block.location);
    counts.set(location, (counts.get(location) ?? 0) + billed.count(block));
    lines.set(billed.item(block), counts);
  }
  return [...lines].map(([item, counts]) => ({ item, counts })).sort((one, other) => (one.item < other.item ? -1 : 1));
}

/** A private zone has no location of its own: its stack's resource group does. */
function locatedResources(stack: SynthesizedStack): { type: string; block: Block }[] {
  const resources = resourcesOf(stack);
  const group = resources.find(({ type }) => type === "azurerm_resource_group");
  return resources.map(({ type, block }) => ({ type, block: { location: group?.block.location, ...block } }));
}
