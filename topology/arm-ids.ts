import { hubOf } from "./hubs";
import { NAMES, type PrivateZone, zoneName } from "./names";
import type { Region, Stamp } from "./schema";

/** The placeholder where no subscription is given. */
export const ZERO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";

/** The ARM ids of what *another* stack made: computed, because no stack reads another's state. */
export class ArmIds {
  /** @param subscription the subscription's GUID */
  constructor(readonly subscription: string) {}

  /** The spoke's network. */
  spoke(region: Region): string {
    return this.network(region, `virtualNetworks/${region.spoke.name}`);
  }

  /** The network of the region's hub, built or existing. */
  hub(region: Region): string {
    const { built, existing } = hubOf(region);
    return existing ? existing.virtualNetworkId : this.network(region, `virtualNetworks/${built.name}`);
  }

  subnet(region: Region, subnet: "integrationSubnet" | "workloadSubnet" | "monitoringSubnet"): string {
    return `${this.spoke(region)}/subnets/${NAMES[subnet]}`;
  }

  privateZone(region: Region, zone: PrivateZone): string {
    return this.zone(region, zoneName(zone));
  }

  /** The zone of a name that the region's names are kept in: its own, or one that exists. */
  zone(region: Region, name: string): string {
    const { privateZonesGroupId: group } = region;
    const path = `privateDnsZones/${name}`;
    return group === undefined ? this.network(region, path) : `${group}/providers/Microsoft.Network/${path}`;
  }

  /** The stamp's existing workspace, else the region's own. */
  logAnalytics({ logAnalyticsWorkspaceId }: Stamp, region: Region): string {
    if (logAnalyticsWorkspaceId !== undefined) return logAnalyticsWorkspaceId;
    return this.of(region.resourceGroups.network, `Microsoft.OperationalInsights/workspaces/${NAMES.logAnalytics}`);
  }

  namespace(region: Region): string {
    return this.of(region.resourceGroups.messaging, `Microsoft.ServiceBus/namespaces/${region.serviceBus.namespace}`);
  }

  /** A Geo-DR alias, as its primary has it. */
  alias(primary: Region, name: string): string {
    return `${this.namespace(primary)}/disasterRecoveryConfigs/${name}`;
  }

  queue(region: Region, name: string): string {
    return `${this.namespace(region)}/queues/${name}`;
  }

  topic(region: Region, name: string): string {
    return `${this.namespace(region)}/topics/${name}`;
  }

  topicSubscription(region: Region, topic: string, name: string): string {
    return `${this.topic(region, topic)}/subscriptions/${name}`;
  }

  /** The scope that a region's stack makes. */
  monitorScope(region: Region): string {
    return this.of(region.resourceGroups.workload, `Microsoft.Insights/privateLinkScopes/${NAMES.monitorScope}`);
  }

  /** @param name of the function app */
  site(region: Region, name: string): string {
    return this.of(region.resourceGroups.workload, `Microsoft.Web/sites/${name}`);
  }

  private network(region: Region, path: string): string {
    return this.of(region.resourceGroups.network, `Microsoft.Network/${path}`);
  }

  private of(resourceGroup: string, path: string): string {
    return `/subscriptions/${this.subscription}/resourceGroups/${resourceGroup}/providers/${path}`;
  }
}
