/** An uptime that Microsoft promises. It is a promise of credits, not a measurement. */
export interface Sla {
  readonly service: string;
  /** A month, in percent. */
  readonly percent: number;
  /** The date that the agreement states, or that of the page which quotes it; its version alone where no date was found. */
  readonly dated: string;
  readonly source: string;
}

/** When the sources were read. */
export const SLAS_READ = "2026-11-26";

/** The agreements of Service Bus and Private Link were read as Microsoft's documentation quotes them. */
const AGREEMENTS = "azure.microsoft.com/support/legal/sla";

export const SLAS = {
  serviceBus: sla("Service Bus", 99.9, "version 1.1", `${AGREEMENTS}/service-bus/v1_1`),
  appService: sla("App Service", 99.95, "November 2022", `${AGREEMENTS}/summary`),
  storage: sla("Storage", 99.9, "June 2019", `${AGREEMENTS}/storage/v1_5`),
  privateLink: sla("Private Link", 99.99, "version 1.0", `${AGREEMENTS}/private-link/v1_0`),
  entra: sla("Microsoft Entra ID, sign-in", 99.99, "April 2021", "redmondmag.com/articles/2021/01/05"),
  privateDns: sla("private DNS zones", 100, "June 2018", "news.mynavi.jp/techplus/article/20180704-659087 (Azure DNS)"),
  machinesInZones: sla("two VMs in two zones", 99.99, "March 2018", `${AGREEMENTS}/virtual-machines/v1_8`),
  firewallInZones: sla(
    "Azure Firewall in two zones or more",
    99.99,
    "no date found",
    "learn.microsoft.com/azure/firewall/deploy-availability-zone-powershell",
  ),
  firewall: sla(
    "Azure Firewall",
    99.95,
    "no date found",
    "learn.microsoft.com/azure/firewall/deploy-availability-zone-powershell",
  ),
} as const;

function sla(service: string, percent: number, dated: string, source: string): Sla {
  return { service, percent, dated, source };
}

/** What is available when all of several services are, in percent, if they fail independently. */
export function together(slas: readonly Sla[]): number {
  return slas.reduce((product, { percent }) => (product * percent) / 100, 100);
}
