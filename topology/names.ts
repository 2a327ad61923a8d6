import { PRIVATE_LINK, SERVICE_BUS_SUFFIX, SITE_SUFFIX } from "../azure-facts/private-link";
import { MONITOR_ZONES } from "../azure-facts/private-monitoring";
import { AZURE_REGIONS, type AzureRegion } from "./azure-regions";
import type { Region, Stamp } from "./schema";

/** Names that are the same in every deployment: the design document's own, else what Azure demands. */
export const NAMES = {
  firewallSubnet: "AzureFirewallSubnet",
  gatewaySubnet: "GatewaySubnet",
  dnsSubnet: "DNSSubnet",
  integrationSubnet: "integration-subnet",
  workloadSubnet: "workload-subnet",
  monitoringSubnet: "monitoring-subnet",
  hubToSpoke: "hubtospoke",
  spokeToHub: "spoketohub",
  logAnalytics: "logs",
  monitorScope: "monitoring",
} as const;

/** A zone of Private Link, by what it is for: that of an endpoint with one address, or one of Azure Monitor's. */
export type PrivateZone = LinkZone | MonitorZone;

export type LinkZone = keyof typeof PRIVATE_LINK;

export type MonitorZone = keyof typeof MONITOR_ZONES;

/** The zones of the design's own endpoints; services of the user's own may need others. */
export const OWN_ZONES: readonly PrivateZone[] = ["serviceBus", "blob", "table", "queue", "sites"];

export function zoneName(zone: PrivateZone): string {
  return zone in MONITOR_ZONES ? MONITOR_ZONES[zone as MonitorZone] : PRIVATE_LINK[zone as LinkZone].zone;
}

/** The design document's short names for its two regions; every other region goes by its display name. */
const SHORT_NAMES: Partial<Record<AzureRegion, string>> = { eastus2: "East", centralus: "Central" };

/** A region's part of an endpoint's name. It depends on nothing but the region, so adding a second region renames nothing. */
export function shortName(location: AzureRegion): string {
  return SHORT_NAMES[location] ?? AZURE_REGIONS[location].displayName.replace(/ /g, "");
}

/** `EasttoCentral`: the endpoint in East's spoke that leads to Central's namespace. */
export function namespaceEndpointName(spokeRegion: AzureRegion, namespaceRegion: AzureRegion): string {
  return `${shortName(spokeRegion)}to${shortName(namespaceRegion)}`;
}

/** The kinds of stack that each region has. */
export const REGIONAL_STACKS = ["network", "messaging", "workload", "code"] as const;

export type RegionalStack = (typeof REGIONAL_STACKS)[number];

/** `network-eastus2`; with a named stamp, `blue-network-eastus2`. */
export function stackName(stamp: Stamp, kind: RegionalStack, region: Region): string {
  return prefixed(stamp, `${kind}-${region.location}`);
}

export function geoPairStackName(stamp: Stamp): string {
  return prefixed(stamp, "geo-pair");
}

function prefixed(stamp: Stamp, name: string): string {
  return stamp.name === undefined ? name : `${stamp.name}-${name}`;
}

export function serviceBusHost(namespaceOrAlias: string): string {
  return `${namespaceOrAlias}.${SERVICE_BUS_SUFFIX}`;
}

/** The storage account of each app's host. */
export function hostStorageOf({
  storageAccount,
  consumerStorageAccount = ownNameAfter(storageAccount),
}: Pick<Region, "storageAccount" | "consumerStorageAccount">): { producer: string; consumer: string } {
  return { producer: storageAccount, consumer: consumerStorageAccount };
}

/** Within the 24 characters that a name may have, and another name in any case. */
function ownNameAfter(account: string): string {
  const start = account.slice(0, 22);
  return [`${start}cn`, `${start}c2`].find((name) => name !== account) ?? account;
}

/** The public names of a storage account's parts that a Functions host uses. */
export function storageHosts(account: string): string[] {
  return (["blob", "table", "queue"] as const).map((part) => `${account}.${PRIVATE_LINK[part].suffix}`);
}

/** The public names of an app: they resolve to its endpoint where the region's zones are asked. */
export function siteHostsOf(name: string): { site: string; scm: string } {
  return { site: `${name}.${SITE_SUFFIX}`, scm: `${name}.scm.${SITE_SUFFIX}` };
}

/** The name producers send to: the alias while there is one, which a failover moves and does not end; else the primary's own. */
export function producerHost(stamp: Stamp): string {
  return serviceBusHost(aliasInUse(stamp) ?? primaryOf(stamp).serviceBus.namespace);
}

/** The alias that Azure has. In a recovery after a failover it names the new primary, which is not paired yet. */
export function aliasInUse({ pairing }: Stamp): string | undefined {
  return pairing && (pairing.state !== "unpaired" || pairing.recovery) ? pairing.alias : undefined;
}

/** @throws where the topology was not validated */
export function primaryOf(stamp: Stamp): Region {
  const primary = stamp.regions.find(({ location }) => location === stamp.primary);
  if (!primary) throw new Error(`The primary ${stamp.primary} is not among the regions: validate the topology first.`);
  return primary;
}

/** The regions whose namespaces have the entities: both where they were paired, else the primary's. A former primary has its entities until they are deleted. */
export function regionsWithEntities(stamp: Stamp): readonly Region[] {
  if (stamp.pairing && stamp.pairing.state !== "unpaired") return stamp.regions;
  const primary = primaryOf(stamp);
  return stamp.regions.filter((region) => region === primary || isFormerPrimary(stamp, region));
}

/** Whether a failover made a region's namespace a secondary, and a recovery from it is under way. */
export function isFormerPrimary({ pairing }: Stamp, { serviceBus }: Region): boolean {
  const { recovery } = pairing ?? {};
  return recovery?.partner === "former" && recovery.from.toLowerCase() === serviceBus.namespace.toLowerCase();
}

/** Whether a recovery gives a region another namespace, in the place of the former primary. */
export function takesAPlace({ pairing, primary }: Stamp, { location }: Region): boolean {
  return pairing?.recovery?.partner === "new" && location !== primary;
}

/** The other region, where there are two. */
export function secondaryOf(stamp: Stamp): Region | undefined {
  return stamp.regions.find(({ location }) => location !== stamp.primary);
}
