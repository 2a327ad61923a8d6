/** An uptime that Microsoft promises. It is a promise of credits, not a measurement. */
export interface Sla {
  readonly service: string;
  /** A month, in percent. */
  readonly percent: number;
  readonly source: string;
  /** When the source was read. */
  readonly read: string;
}

const COMPARISON = "Azure/reliable-web-app-pattern-dotnet, assets/sla-calculation.md";
const READ = "2026-11-26";

export const SLAS = {
  serviceBus: sla("Service Bus", 99.9, "the design document, Deploying Service Bus: Requirements"),
  appService: sla("App Service", 99.95, COMPARISON),
  storage: sla("Storage", 99.9, COMPARISON),
  privateLink: sla("Private Link", 99.99, COMPARISON),
  entra: sla("Microsoft Entra ID, sign-in", 99.99, "redmondmag.com/articles/2021/01/05: from April 2021"),
  privateDns: sla("private DNS zones", 100, COMPARISON),
  machinesInZones: sla(
    "two VMs in two zones",
    99.99,
    "azure.microsoft.com/support/legal/sla/virtual-machines/v1_8, March 2018",
  ),
  firewallInZones: sla(
    "Azure Firewall in two zones or more",
    99.99,
    "learn.microsoft.com/azure/firewall/deploy-availability-zone-powershell",
  ),
  firewall: sla("Azure Firewall", 99.95, "learn.microsoft.com/azure/firewall/deploy-availability-zone-powershell"),
} as const;

function sla(service: string, percent: number, source: string): Sla {
  return { service, percent, source, read: READ };
}

/** What is available when all of several services are, in percent, if they fail independently. */
export function together(slas: readonly Sla[]): number {
  return slas.reduce((product, { percent }) => (product * percent) / 100, 100);
}
