/** The hosts on the Internet that this design needs, and no more. */
export const HOSTS = {
  /** Application Insights: what connection strings name (learn.microsoft.com/azure/azure-monitor/fundamentals/azure-monitor-network-access). */
  applicationInsights: [
    "*.in.applicationinsights.azure.com",
    "*.livediagnostics.monitor.azure.com",
    "live.applicationinsights.azure.com",
  ],
  /** Its endpoints of the time before connection strings, which older code in the host may still ask. */
  legacyIngestion: [
    "dc.applicationinsights.azure.com",
    "dc.applicationinsights.microsoft.com",
    "rt.applicationinsights.microsoft.com",
    "dc.services.visualstudio.com",
    "rt.services.visualstudio.com",
  ],
  /**
   * What App Service's authentication asks: Entra's keys and metadata. That the last two are needed was reported by one user (azure-docs#104505).
   */
  authentication: ["login.microsoftonline.com", "sts.windows.net", "login.windows.net"],
  /** What the publisher asks: a token, and the site's SCM host. */
  publishing: { entra: "login.microsoftonline.com", resourceManager: "management.azure.com" },
  /** Extension bundles (learn.microsoft.com/azure/azure-functions/extension-bundles). */
  extensionBundles: ["cdn.functions.azure.com"],
  /** Ubuntu on Azure: its mirror, and security updates. */
  ubuntuPackages: ["azure.archive.ubuntu.com", "security.ubuntu.com"],
} as const;
