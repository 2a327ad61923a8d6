import { privateServicesOf } from "../../topology/private-services";
import type { Stamp, Topology } from "../../topology/schema";
import { allOf } from "../packets/addresses";
import { Intervals } from "../packets/intervals";
import { tcp } from "../packets/services";
import type { Place } from "../reach/place";
import type { Reach } from "../reach/reach";
import { agentFlows, callerFlows, operatorFlows } from "./access-flows";
import type { DeclaredFlow } from "./declared-flow";
import {
  askingNames,
  DNS,
  HOSTS,
  HTTPS,
  sharesZones,
  STORAGE_PARTS,
  toHosts,
  toNamespace,
  toProducer,
} from "./flow-forms";
import { addressesTo, consumerAccount, endpointsTo, regionParts, type RegionParts } from "./region-parts";

/** Every way that a topology declares. What is not among them is to be closed. */
export function declaredFlows(topology: Topology, reach: Reach): DeclaredFlow[] {
  return topology.stamps.flatMap((stamp) => {
    const regions = stamp.regions.map((region) => regionParts(stamp, region, reach));
    return regions.flatMap((parts) => [
      ...appFlows(parts, regions, reach),
      ...hostFlows(parts, regions, reach),
      ...callerFlows(parts, reach),
      ...agentFlows(parts, topology, reach),
      ...operatorFlows(parts, regions, reach),
      ...forwarderFlows(parts),
    ]);
  });
}

function appFlows(parts: RegionParts, regions: readonly RegionParts[], reach: Reach): DeclaredFlow[] {
  const { stamp, region, apps, dns } = parts;
  const { producer } = region.functionApps;
  const others = region.consumers.map(({ storageAccount }) => storageAccount);
  const accounts = [...(producer === undefined ? [] : [region.storageAccount]), consumerAccount(region), ...others];
  return apps.flatMap((place) => {
    const isProducer = place.app?.name.toLowerCase() === producer?.toLowerCase();
    const flow = (what: string, to: Intervals, service: Intervals, names: readonly string[] = []): DeclaredFlow => ({
      ...{ place, to, service, names, what },
    });
    return [
      flow("DNS servers", dns, DNS),
      ...busFlows(place, parts, regions, reach, isProducer),
      ...accounts.map((account) =>
        flow(
          `the storage account ${account}`,
          addressesTo(endpointsTo(parts, reach, account, STORAGE_PARTS)),
          HTTPS,
          STORAGE_PARTS.map((part) => `${account}.${part}.core.windows.net`),
        ),
      ),
      ...telemetryFlows(place, parts, regions, reach),
      ...(stamp.extensionBundlesFromCdn ? [toHosts(place, HOSTS.bundles, HTTPS, "extension bundles")] : []),
      ...(stamp.authentication ? [toHosts(place, HOSTS.signIn, HTTPS, "Entra's keys")] : []),
      ...stamp.access.egress.map(({ hosts, port, why }) => toHosts(place, hosts, tcp(port), why)),
      ...privateServicesOf(stamp).map(({ resourceId, link, hosts, why }) =>
        flow(why, addressesTo(endpointsTo(parts, reach, resourceId, [link.subresource])), tcp(link.port), hosts),
      ),
      ...stamp.access.existingEndpoints
        .filter(({ regions: where }) => where?.includes(region.location) ?? true)
        .map(({ hosts, addresses, ports, why }) => ({
          ...flow(why, allOf(addresses), tcp(...ports), hosts),
          isElsewhere: true,
        })),
    ];
  });
}

/**
 * The namespaces of the stamp: each by an endpoint in the place's own spoke; where the regions share one set of zones, by the one in the namespace's own region. Producers know them by the
 * alias, too, which leads to the primary, and to the other one after a failover.
 */
function busFlows(
  place: Place,
  parts: RegionParts,
  regions: readonly RegionParts[],
  reach: Reach,
  isProducer: boolean,
): DeclaredFlow[] {
  const { stamp, region } = parts;
  const { pairing } = stamp;
  return regions.flatMap((target) => {
    const { namespace } = target.region.serviceBus;
    const isFar = target !== parts && sharesZones(stamp);
    // Through the hubs come producers: a region without one has no business there.
    if (isFar && place.kind === "app" && region.functionApps.producer === undefined) return [];
    const holder = isFar ? target : parts;
    const flow = toNamespace(place, holder, reach, namespace);
    const isRecovering = pairing?.state === "unpaired" && pairing.recovery !== undefined;
    if (!isProducer || !pairing || (pairing.state === "unpaired" && !isRecovering)) return [flow];
    const isPrimary = target.region.location === stamp.primary;
    const alias: DeclaredFlow = {
      ...flow,
      names: [`${pairing.alias}.servicebus.windows.net`],
      what: `the alias ${pairing.alias}`,
    };
    // The alias names one namespace, which has no partner to fail over to.
    if (pairing.state === "failed-over" || isRecovering) return isPrimary === isRecovering ? [flow, alias] : [flow];
    return [flow, { ...alias, during: isPrimary ? "as deployed" : "after a failover" }];
  });
}

/** What apps ask for to send telemetry, whichever way it goes. */
export function telemetryHosts({ telemetry }: Stamp): readonly string[] {
  return [...HOSTS.telemetry, ...(telemetry.legacyHosts ? HOSTS.legacyTelemetry : [])];
}

function telemetryFlows(
  place: Place,
  parts: RegionParts,
  regions: readonly RegionParts[],
  reach: Reach,
): DeclaredFlow[] {
  const { stamp } = parts;
  const hosts = telemetryHosts(stamp);
  if (stamp.monitoring === "public-hosts") return [toHosts(place, hosts, HTTPS, "telemetry")];
  const home = sharesZones(stamp) ? regions.find(({ region }) => region.location === stamp.primary) : parts;
  // The endpoint takes as many addresses as it has names, and the subnet is for it alone.
  const subnet = reach.lookup.subnetsOf((home ?? parts).spoke.id).find(({ name }) => name === "monitoring-subnet");
  const ingestion = `${parts.region.location}-0.in.applicationinsights.azure.com`;
  return [{ place, to: subnet?.addresses ?? Intervals.none, service: HTTPS, names: [ingestion], what: "telemetry" }];
}

/** Producers in workload-subnet. */
function hostFlows(parts: RegionParts, regions: readonly RegionParts[], reach: Reach): DeclaredFlow[] {
  const { stamp, hosts } = parts;
  if (!stamp.access.producersInWorkloadSubnet) return [];
  return [
    askingNames(hosts, parts),
    ...busFlows(hosts, parts, regions, reach, true),
    ...toProducer(hosts, parts, reach),
  ];
}

function forwarderFlows({ stamp, hubHosts }: RegionParts): DeclaredFlow[] {
  const servers = stamp.forwarders?.conditionalForwards.flatMap((forward) => forward.servers) ?? [];
  return hubHosts.flatMap((place) => [
    toHosts(place, HOSTS.ubuntu, tcp(80, 443), "Ubuntu's packages"),
    ...(servers.length > 0
      ? [
          {
            place,
            to: allOf(servers),
            service: DNS,
            names: [],
            what: "servers of conditional forwards",
            isElsewhere: true,
          },
        ]
      : []),
  ]);
}
