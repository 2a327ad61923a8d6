import { PRIVATE_LINK } from "../azure-facts/private-link";
import { MONITOR_ZONES } from "../azure-facts/private-monitoring";
import { type MonitorZone, OWN_ZONES, primaryOf, type PrivateZone, zoneName } from "./names";
import { keptName, type KeptName, privateServicesOf } from "./private-services";
import type { Region, Stamp } from "./schema";

/** The zones of Private Link that a stamp's endpoints need, each once. */
export function privateZonesOf(stamp: Stamp): readonly PrivateZone[] {
  const own = privateServicesOf(stamp).map(({ zone }) => zone);
  return [...new Set([...OWN_ZONES, ...own, ...(hasPrivateMonitoring(stamp) ? MONITOR_ZONE_KEYS : [])])];
}

export const MONITOR_ZONE_KEYS = Object.keys(MONITOR_ZONES) as readonly MonitorZone[];

export function hasPrivateMonitoring({ monitoring }: Pick<Stamp, "monitoring">): boolean {
  return monitoring === "private-link";
}

/** The region whose spoke has the endpoint by which a region's apps reach Azure Monitor: its own, or the primary where one set of zones has one record of each of its names. */
export function monitoringRegion(stamp: Stamp, region: Region): Region {
  return sharesZones(stamp) ? primaryOf(stamp) : region;
}

/** A private DNS zone that a region needs. */
export interface PlannedZone {
  /** In construct ids. */
  readonly id: string;
  readonly name: string;
}

/** Every zone: those of Private Link, then those that hold the name of an existing endpoint and nothing else. */
export function plannedZones(stamp: Stamp, region: Region): readonly PlannedZone[] {
  const known = privateZonesOf(stamp).map((zone) => ({ id: zone, name: zoneName(zone) }));
  const names = new Set(plannedRecords(stamp, region).map(({ zone }) => zone));
  for (const { name } of known) names.delete(name);
  return [...known, ...[...names].map((name) => ({ id: keyOfZone(name) ?? name, name }))];
}

/** By it a zone keeps its place in the state, for every name that is in it. */
function keyOfZone(name: string): string | undefined {
  return Object.entries(PRIVATE_LINK).find(([, { zone }]) => zone === name)?.[0];
}

/** A name of an existing endpoint, where it is kept, and what it leads to. */
export interface PlannedRecord extends KeptName {
  readonly addresses: readonly string[];
}

/** Names below a conditional forward of the region's own forwarders are kept where it leads. A name on several ports has one record. */
export function plannedRecords({ access, forwarders }: Stamp, { location, hub }: Region): readonly PlannedRecord[] {
  const forwarded = hub === undefined ? [] : (forwarders?.conditionalForwards ?? []).map(({ zone }) => zone);
  const isForwarded = (host: string) => forwarded.some((zone) => host === zone || host.endsWith(`.${zone}`));
  const records = access.existingEndpoints
    .filter(({ regions }) => regions?.includes(location) ?? true)
    .flatMap(({ hosts, addresses }) =>
      hosts.filter((host) => !isForwarded(host)).map((host) => ({ ...keptName(host), addresses })),
    );
  return [...new Map(records.map((record) => [record.host, record])).values()];
}

/**
 * Whether a name without a record is asked of the public DNS. A linked zone of Private Link hides every public name below it, and other people's storage and sites have to stay
 * resolvable. The namespaces' zone fails closed, so that a record that is missing there is seen at once and never leads past the endpoint.
 */
export function redirects(zone: string): boolean {
  return zone.startsWith("privatelink.") && zone !== PRIVATE_LINK.serviceBus.zone;
}

/** Whether the regions' names are kept in one set of zones. */
export function sharesZones({
  regions,
}: {
  readonly regions: readonly { readonly privateZonesGroupId?: string }[];
}): boolean {
  const [one, other] = regions.map(({ privateZonesGroupId }) => privateZonesGroupId?.toLowerCase());
  return one !== undefined && one === other;
}

/**
 * The regions whose namespaces have an endpoint in a region's spoke. A name in a shared zone leads to one address, so that a namespace has one endpoint then, in its own region;
 * the other region's hosts reach it through the hubs.
 */
export function namespacesWithEndpointIn(stamp: Stamp, region: Region): readonly Region[] {
  return sharesZones(stamp) ? [region] : stamp.regions;
}

/** The other regions whose endpoints hosts of a region reach through the hubs. */
export function reachedThroughHubs(stamp: Stamp, region: Region): readonly Region[] {
  return sharesZones(stamp) ? stamp.regions.filter(({ location }) => location !== region.location) : [];
}
