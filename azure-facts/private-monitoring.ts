/**
 * Azure Monitor's private link: a scope with the components and workspaces in it, and one endpoint to the scope with an address for each of its names
 * (learn.microsoft.com/azure/azure-monitor/logs/private-link-configure). The names change with what is in the scope, so that Azure refuses static addresses sooner or later
 * (github.com/MicrosoftDocs/azure-docs/issues/101336): a subnet of its own makes them known instead.
 */
export const MONITOR_SCOPE = {
  type: "Microsoft.Insights/privateLinkScopes",
  subresource: "azuremonitor",
  /** The longest prefix of its subnet: eleven addresses and more (learn.microsoft.com/azure/azure-monitor/logs/private-link-design). */
  longestPrefix: 27,
} as const;

/** The zones of its names, beside the one of blobs. */
export const MONITOR_ZONES = {
  monitor: "privatelink.monitor.azure.com",
  oms: "privatelink.oms.opinsights.azure.com",
  ods: "privatelink.ods.opinsights.azure.com",
  agentsvc: "privatelink.agentsvc.azure-automation.net",
} as const;

/** The names that every endpoint to a scope has; components and workspaces add theirs. */
export const MONITOR_NAMES: readonly string[] = [
  ...["api", "global.in.ai", "profiler", "live", "diagservicesquery", "snapshot"].map(
    (label) => `${label}.monitor.azure.com`,
  ),
  "scadvisorcontentpl.blob.core.windows.net",
];

const INGESTION_SUFFIX = ".in.applicationinsights.azure.com";

/** The private name that an ingestion host of a connection string becomes once its component is in a scope: `eastus2-0.in.ai.privatelink.monitor.azure.com`. */
export function privateIngestionHost(host: string): string | undefined {
  if (!host.endsWith(INGESTION_SUFFIX)) return undefined;
  return `${host.slice(0, -INGESTION_SUFFIX.length)}.in.ai.${MONITOR_ZONES.monitor}`;
}
