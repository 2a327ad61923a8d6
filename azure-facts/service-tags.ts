/** The service tags that this design names in security rules (learn.microsoft.com/azure/virtual-network/service-tags-overview). */
export const SERVICE_TAGS = [
  "AzureActiveDirectory",
  "AzureMonitor",
  "AzureResourceManager",
  "Internet",
  "Storage",
  "VirtualNetwork",
] as const;

export type ServiceTag = (typeof SERVICE_TAGS)[number];

/** Prefixes that may mean everything: VirtualNetwork includes each prefix of the subnet's routes, 0.0.0.0/0 among them. */
export const EVERYWHERE: readonly string[] = ["VirtualNetwork", "Internet", "*", "0.0.0.0/0"];
