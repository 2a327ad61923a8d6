import { appsOf, hostsOf } from "../apps";
import type { Mistake } from "../mistake";
import { producerHost, serviceBusHost } from "../names";
import { privateServicesOf } from "../private-services";
import type { Region, Stamp, Topology } from "../schema";
import type { WholeRule } from "./topology-rule";

/** A name that a set of zones keeps. */
interface Kept {
  readonly host: string;
  readonly at: string;
  /** The set: the group's id, or one that a region has for itself. */
  readonly zones: string;
  /** What it leads to, where two entries may say the same. @default an endpoint, which overwrites another's record */
  readonly leadsTo?: string;
}

const INTERNET = "the Internet";

/** A zone has one record of a name: a second one would overwrite the first, and a rule for the Internet could never be used for a private name. */
export const namesAreKeptOnce: WholeRule = (topology) => {
  const first = new Map<string, Kept>();
  return namesIn(topology).flatMap((kept): Mistake[] => {
    const key = `${kept.zones} ${kept.host}`;
    const before = first.get(key);
    if (!before) {
      first.set(key, kept);
      return [];
    }
    if (before.at === kept.at || (kept.leadsTo !== undefined && kept.leadsTo === before.leadsTo)) return [];
    return [
      {
        path: kept.at,
        got: `the name ${kept.host}`,
        expected: `a name that ${before.at} does not have: both are kept in one set of zones, which has one record of it`,
        fix: "remove one of the two",
      },
    ];
  });
};

function namesIn({ stamps, backend }: Topology): Kept[] {
  const state = backend
    ? [{ host: `${backend.storageAccount}.blob.core.windows.net`, at: "backend.storageAccount" }]
    : [];
  return stamps.flatMap((stamp, index) =>
    stamp.regions.flatMap((region, place) => {
      const zones = region.privateZonesGroupId?.toLowerCase() ?? `stamp ${index}, ${region.location}`;
      const onTheInternet = state.map((each) => ({ ...each, leadsTo: INTERNET }));
      const own = namesOf(stamp, region, `stamps[${index}]`, `stamps[${index}].regions[${place}]`);
      return [...onTheInternet, ...own].map((kept) => ({ ...kept, zones }));
    }),
  );
}

function namesOf(stamp: Stamp, region: Region, at: string, regionAt: string): Omit<Kept, "zones">[] {
  const { deployAgentHosts, egress, existingEndpoints } = stamp.access;
  const buses = [producerHost(stamp), ...stamp.regions.map(({ serviceBus }) => serviceBusHost(serviceBus.namespace))];
  return [
    ...[...new Set(buses)].map((host) => ({ host, at: `${at}.regions` })),
    ...appsOf(stamp, region).flatMap((app) => {
      const { site, scm, storage } = hostsOf(app);
      return [site, scm, ...storage].map((host) => ({ host, at: regionAt }));
    }),
    ...privateServicesOf(stamp).flatMap(({ hosts }, index) =>
      hosts.map((host) => ({ host, at: `${at}.access.privateServices[${index}]` })),
    ),
    ...existingEndpoints.flatMap(({ hosts, addresses, regions }, index) =>
      (regions?.includes(region.location) ?? true)
        ? hosts.map((host) => ({
            host,
            at: `${at}.access.existingEndpoints[${index}]`,
            leadsTo: [...addresses].sort().join(),
          }))
        : [],
    ),
    ...deployAgentHosts.map((host, index) => ({
      ...{ host, at: `${at}.access.deployAgentHosts[${index}]`, leadsTo: INTERNET },
    })),
    ...egress.flatMap(({ hosts }, index) =>
      hosts.map((host) => ({ host, at: `${at}.access.egress[${index}]`, leadsTo: INTERNET })),
    ),
  ].map((kept) => ({ ...kept, host: kept.host.toLowerCase() }));
}
