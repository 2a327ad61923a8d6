import { SERVICE_BUS_SUFFIX, SITE_SUFFIX } from "./private-link";

/**
 * Which service tag holds the addresses of which hosts, as far as the tags' own pages say it (learn.microsoft.com/azure/virtual-network/service-tags-overview). The prefixes themselves change
 * weekly and are not pinned here.
 */
const HOSTS: Readonly<Record<string, readonly string[]>> = {
  AzureActiveDirectory: ["login.microsoftonline.com", "login.windows.net", "sts.windows.net", "login.microsoft.com"],
  AzureResourceManager: ["management.azure.com"],
  AzureMonitor: [
    "*.in.applicationinsights.azure.com",
    "*.livediagnostics.monitor.azure.com",
    "*.monitor.azure.com",
    "live.applicationinsights.azure.com",
    "dc.applicationinsights.azure.com",
    "dc.applicationinsights.microsoft.com",
    "rt.applicationinsights.microsoft.com",
    "dc.services.visualstudio.com",
    "rt.services.visualstudio.com",
    "*.ods.opinsights.azure.com",
    "*.oms.opinsights.azure.com",
  ],
  Storage: ["blob", "queue", "table", "file", "dfs", "web"].map((part) => `*.${part}.core.windows.net`),
  ServiceBus: [`*.${SERVICE_BUS_SUFFIX}`],
  AppService: [`*.${SITE_SUFFIX}`],
  AzureKeyVault: ["*.vault.azure.net"],
  Sql: ["*.database.windows.net"],
};

/**
 * Whether the addresses of a host are in a service tag.
 *
 * @param tag with or without a region: `Storage`, `Storage.EastUS2`
 * @returns nothing where it is not known
 */
export function isInTag(host: string, tag: string): boolean | undefined {
  const [service = "", region] = tag.split(".");
  if (service === "AzureCloud") return undefined;
  const known = Object.entries(HOSTS).filter(([, hosts]) => hosts.some((pattern) => matchesHost(pattern, host)));
  if (known.length === 0) return undefined;
  const isIn = known.some(([name]) => name === service);
  return isIn && region !== undefined ? undefined : isIn;
}

/** Whether `*.zone`, or a host itself, has a host. */
export function matchesHost(pattern: string, host: string): boolean {
  return pattern === "*" || pattern === host || (pattern.startsWith("*.") && host.endsWith(pattern.slice(1)));
}
