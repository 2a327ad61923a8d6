import { HOSTS } from "../constructs/network/hosts";
import { FlowEnd } from "../constructs/network/flow-end";
import type { IHub } from "../constructs/network/hub";
import { Port } from "../constructs/network/port";
import type { SpokeNetwork } from "../constructs/network/spoke-network";
import { vnetAddressSpaces } from "../topology/addresses";
import type { Region, Stamp } from "../topology/schema";
import { throughTheHubs } from "./far-flows";
import { hasPrivateMonitoring, monitoringRegion, reachedThroughHubs } from "../topology/zones";

export interface TelemetryFlowProps {
  readonly stamp: Stamp;
  readonly region: Region;
  readonly hub: IHub;
  readonly spoke: SpokeNetwork;
}

/** The design document's own priority for Azure Monitor. */
const PRIORITY = 498;

/** How telemetry leaves: to public hosts that the filter tells apart, or to Azure Monitor's endpoint. */
export function declareTelemetry({ stamp, region, hub: { dns }, spoke }: TelemetryFlowProps): void {
  const apps = spoke.integrationSubnet.connections;
  const legacy = stamp.telemetry.legacyHosts ? HOSTS.legacyIngestion : [];
  const hosts = [...HOSTS.applicationInsights, ...legacy];
  const by = stamp.telemetry.legacyHosts ? "by connection string and by the legacy endpoints" : "by connection string";
  if (!hasPrivateMonitoring(stamp)) {
    const options = { priority: PRIORITY, sourceTag: "VirtualNetwork" };
    const end = FlowEnd.hosts("azure-monitor", hosts, "AzureMonitor", dns);
    apps.allowTo(end, Port.https, `Telemetry to Application Insights, ${by}.`, options);
    return;
  }
  const reason = "Telemetry to Azure Monitor's endpoint; no public host takes it.";
  const networks = vnetAddressSpaces(region);
  const homeRegion = monitoringRegion(stamp, region);
  const home = homeRegion.spoke.monitoringSubnet;
  if (home === undefined) throw new Error("There is no monitoringSubnet: validate the topology first.");
  const { monitoringSubnet } = spoke;
  if (!monitoringSubnet || homeRegion.location !== region.location) {
    const far = FlowEnd.range("azure-monitor", [home], networks, {
      names: hosts,
      namedBy: dns,
      needsTranslation: true,
    });
    apps.allowTo(far, Port.https, reason, { priority: PRIORITY });
    return;
  }
  const end = FlowEnd.within(monitoringSubnet, "azure-monitor", [home], { hosts, namedBy: dns });
  apps.allowTo(end, Port.https, reason, { priority: PRIORITY });
  const unnamed = FlowEnd.within(monitoringSubnet, "azure-monitor", [home], { needsTranslation: true });
  for (const other of reachedThroughHubs(stamp, region)) {
    const from = throughTheHubs(`apps-in-${other.location}`, [other.spoke.integrationSubnet], { region, other });
    from.allowTo(unnamed, Port.https, "The other region's telemetry comes through the hubs to the one endpoint.");
  }
}
