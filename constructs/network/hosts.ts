/** The hosts on the Internet that this design needs, and no more. */
export const HOSTS = {
  /**
   * Application Insights: what connection strings name, and the legacy endpoints that older code in the host still asks
   * (learn.microsoft.com/azure/azure-monitor/fundamentals/azure-monitor-network-access).
   */
  applicationInsights: [
    "*.in.applicationinsights.azure.com",
    "*.livediagnostics.monitor.azure.com",
    "live.applicationinsights.azure.com",
    "dc.applicationinsights.azure.com",
    "dc.applicationinsights.microsoft.com",
    "rt.applicationinsights.microsoft.com",
    "dc.services.visualstudio.com",
    "rt.services.visualstudio.com",
  ],
  /** Extension bundles (learn.microsoft.com/azure/azure-functions/extension-bundles). */
  extensionBundles: ["cdn.functions.azure.com"],
  /** Ubuntu on Azure: its mirror, and security updates. */
  ubuntuPackages: ["azure.archive.ubuntu.com", "security.ubuntu.com"],
} as const;
