import type { Stamp } from "../../topology/schema";
import { PUBLIC_ADDRESSES } from "../packets/addresses";
import type { Intervals } from "../packets/intervals";
import { tcp, udp } from "../packets/services";
import type { Place } from "../reach/place";
import type { Reach } from "../reach/reach";
import type { DeclaredFlow } from "./declared-flow";
import { addressesTo, endpointsTo, type RegionParts } from "./region-parts";

export const BUS = tcp(443, 5671);
export const HTTPS = tcp(443);
export const DNS = udp(53).or(tcp(53));
export const STORAGE_PARTS = ["blob", "table", "queue"];

/** The hosts that each purpose needs, written down here a second time: the constructs' own list is not read. */
export const HOSTS = {
  telemetry: [
    "*.in.applicationinsights.azure.com",
    "*.livediagnostics.monitor.azure.com",
    "live.applicationinsights.azure.com",
  ],
  legacyTelemetry: [
    "dc.applicationinsights.azure.com",
    "dc.applicationinsights.microsoft.com",
    "rt.applicationinsights.microsoft.com",
    "dc.services.visualstudio.com",
    "rt.services.visualstudio.com",
  ],
  bundles: ["cdn.functions.azure.com"],
  signIn: ["login.microsoftonline.com", "sts.windows.net", "login.windows.net"],
  publishing: ["login.microsoftonline.com", "management.azure.com"],
  ubuntu: ["azure.archive.ubuntu.com", "security.ubuntu.com"],
} as const;

export function toHosts(place: Place, hosts: readonly string[], service: Intervals, what: string): DeclaredFlow {
  return { place, to: PUBLIC_ADDRESSES, hosts, service, names: hosts.map(oneOf), what };
}

/** A set of names cannot be asked for; one of them can. */
function oneOf(host: string): string {
  return host.replace(/^\*/, "any");
}

/** Questions to the servers that a region's spoke asks. */
export function askingNames(place: Place, { dns }: RegionParts): DeclaredFlow {
  return { place, to: dns, service: DNS, names: [], what: "DNS servers" };
}

export interface SiteFlow {
  /** The app's name. */
  readonly site: string;
  /** The name that it is asked by. */
  readonly host: string;
  readonly what: string;
}

/** A site, by its endpoint in the region's own spoke. */
export function toSite(place: Place, parts: RegionParts, reach: Reach, { site, host, what }: SiteFlow): DeclaredFlow {
  return { place, to: addressesTo(endpointsTo(parts, reach, site, ["sites"])), service: HTTPS, names: [host], what };
}

/** The producer of a region; none: the region has consumers alone. */
export function toProducer(place: Place, parts: RegionParts, reach: Reach): DeclaredFlow[] {
  const { producer } = parts.region.functionApps;
  if (producer === undefined) return [];
  const host = `${producer}.azurewebsites.net`;
  return [toSite(place, parts, reach, { site: producer, host, what: `the producer ${producer}` })];
}

/** A namespace by its own name. @param holder the region whose spoke has the endpoint */
export function toNamespace(place: Place, holder: RegionParts, reach: Reach, namespace: string): DeclaredFlow {
  return {
    place,
    to: addressesTo(endpointsTo(holder, reach, namespace, ["namespace"])),
    service: BUS,
    names: [`${namespace}.servicebus.windows.net`],
    what: `the namespace ${namespace}`,
  };
}

/** Whether the regions keep their names in one set of zones: each namespace then has one endpoint, in its own region. */
export function sharesZones({ regions }: Stamp): boolean {
  const [one, other] = regions.map(({ privateZonesGroupId }) => privateZonesGroupId?.toLowerCase());
  return one !== undefined && one === other;
}
