import { privateServicesOf } from "../../topology/private-services";
import type { Stamp, Topology } from "../../topology/schema";
import { addressesText, allOf, PUBLIC_ADDRESSES } from "../packets/addresses";
import { Intervals } from "../packets/intervals";
import { tcp, udp } from "../packets/services";
import { partOf, type Place } from "../reach/place";
import type { Reach } from "../reach/reach";
import type { DeclaredFlow } from "./declared-flow";
import { addressesTo, consumerAccount, endpointsTo, regionParts, type RegionParts } from "./region-parts";

const BUS = tcp(443, 5671);
const HTTPS = tcp(443);
const DNS = udp(53).or(tcp(53));
const STORAGE_PARTS = ["blob", "table", "queue"];

/** The hosts that each purpose needs, written down here a second time: the constructs' own list is not read. */
const HOSTS = {
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
    const to = addressesTo(endpointsTo(holder, reach, namespace, ["namespace"]));
    const flow: DeclaredFlow = {
      ...{ place, to, service: BUS, names: [`${namespace}.servicebus.windows.net`] },
      what: `the namespace ${namespace}`,
    };
    if (!isProducer || !pairing || pairing.state === "unpaired") return [flow];
    const isPrimary = target.region.location === stamp.primary;
    const alias: DeclaredFlow = {
      ...flow,
      names: [`${pairing.alias}.servicebus.windows.net`],
      what: `the alias ${pairing.alias}`,
    };
    if (pairing.state === "failed-over") return isPrimary ? [flow] : [flow, alias];
    return [flow, { ...alias, during: isPrimary ? "as deployed" : "after a failover" }];
  });
}

function sharesZones({ regions }: Stamp): boolean {
  const [one, other] = regions.map(({ privateZonesGroupId }) => privateZonesGroupId?.toLowerCase());
  return one !== undefined && one === other;
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

function toHosts(place: Place, hosts: readonly string[], service: Intervals, what: string): DeclaredFlow {
  return { place, to: PUBLIC_ADDRESSES, hosts, service, names: hosts.map(oneOf), what };
}

/** A set of names cannot be asked for; one of them can. */
function oneOf(host: string): string {
  return host.replace(/^\*/, "any");
}

/** Producers in workload-subnet. */
function hostFlows(parts: RegionParts, regions: readonly RegionParts[], reach: Reach): DeclaredFlow[] {
  const { stamp, hosts, dns } = parts;
  if (!stamp.access.producersInWorkloadSubnet) return [];
  return [
    { place: hosts, to: dns, service: DNS, names: [], what: "DNS servers" },
    ...busFlows(hosts, parts, regions, reach, true),
    ...producerFlow(hosts, parts, reach),
  ];
}

function producerFlow(place: Place, parts: RegionParts, reach: Reach): DeclaredFlow[] {
  const { producer } = parts.region.functionApps;
  if (producer === undefined) return [];
  const to = addressesTo(endpointsTo(parts, reach, producer, ["sites"]));
  return [{ place, to, service: HTTPS, names: [`${producer}.azurewebsites.net`], what: `the producer ${producer}` }];
}

/** Places that hold some of the ranges that the topology names for a region: in workload-subnet, in the hub, or beyond both. */
function placesIn(parts: RegionParts, ranges: readonly string[], reach: Reach): Place[] {
  const wanted = allOf(ranges);
  const { stamp, region, spoke, hub, workload, hubHosts } = parts;
  const others = stamp.regions
    .filter((other) => other !== region)
    .map((other) => allOf([other.spoke.addressSpace, ...(other.hub ? [other.hub.addressSpace] : [])]));
  const own = wanted.minus(Intervals.union(others));
  const near = reach.places.filter(
    (place) =>
      (place.kind === "subnet" && place.subnet === workload) ||
      hubHosts.includes(place) ||
      (place.kind === "network" && place.network === hub),
  );
  const far = reach.places.filter(
    ({ kind, firewall, gateway }) =>
      (kind === "beyond" && firewall?.networkId === hub.id && servesSpoke(firewall.id, spoke.name)) ||
      (kind === "on-premises" && gateway?.networkId === hub.id),
  );
  return [...near, ...far]
    .filter(({ addresses }) => !addresses.and(own).isEmpty)
    .map((place) => {
      const part = place.addresses.and(own);
      const asks = place.subnet === workload ? undefined : serversOf(parts, reach);
      return partOf(place, part, `${place.name}, of it ${addressesText(part)}`, asks);
    });
}

/** An existing hub's filter is declared once for each spoke. */
function servesSpoke(firewallId: string, spoke: string): boolean {
  return !firewallId.includes("-for-") || firewallId.includes(`-for-${spoke.toLowerCase()}-`);
}

/** Hosts in the hub and beyond it know the region's names where they ask the servers that the spoke asks. */
function serversOf({ region, hub }: RegionParts, { model }: Reach): readonly string[] {
  if (region.existingHub) return region.existingHub.dns.servers;
  return model.forwarders.filter(({ networkId }) => networkId === hub.id).flatMap(({ addresses }) => addresses);
}

function callerFlows(parts: RegionParts, reach: Reach): DeclaredFlow[] {
  return placesIn(parts, parts.stamp.access.callers, reach).flatMap((place) => [
    { place, to: parts.dns, service: DNS, names: [], what: "DNS servers" },
    ...producerFlow(place, parts, reach),
  ]);
}

function agentFlows(parts: RegionParts, { backend }: Topology, reach: Reach): DeclaredFlow[] {
  const { stamp, region, workload, dns } = parts;
  const { access } = stamp;
  const sites = [
    region.functionApps.producer,
    region.functionApps.consumer,
    ...region.consumers.map((each) => each.functionApp),
  ];
  return placesIn(parts, access.deployAgents, reach).flatMap((place) => {
    const published = sites.flatMap((site) =>
      site === undefined
        ? []
        : [
            {
              place,
              to: addressesTo(endpointsTo(parts, reach, site, ["sites"])),
              service: HTTPS,
              names: [`${site}.scm.azurewebsites.net`],
              what: `publishing to ${site}`,
            },
          ],
    );
    const asking = { place, to: dns, service: DNS, names: [], what: "DNS servers" };
    if (place.subnet !== workload) return [asking, ...published];
    return [
      asking,
      ...published,
      toHosts(place, HOSTS.publishing, HTTPS, "signing in, and Resource Manager"),
      ...(backend
        ? [toHosts(place, [`${backend.storageAccount}.blob.core.windows.net`], HTTPS, "Terraform's state")]
        : []),
      ...(access.deployAgentHosts.length > 0
        ? [toHosts(place, access.deployAgentHosts, HTTPS, "what agents load")]
        : []),
    ];
  });
}

/** People on call: every namespace by its own name, and the health of their region's apps. */
function operatorFlows(parts: RegionParts, regions: readonly RegionParts[], reach: Reach): DeclaredFlow[] {
  const { stamp, region, workload, dns } = parts;
  const sites = [
    region.functionApps.producer,
    region.functionApps.consumer,
    ...region.consumers.map((each) => each.functionApp),
  ];
  return placesIn(parts, stamp.access.operators.ranges, reach).flatMap((place) => [
    { place, to: dns, service: DNS, names: [], what: "DNS servers" },
    ...regions
      .filter((target) => target === parts || !sharesZones(stamp))
      .map(({ region: { serviceBus } }) => ({
        place,
        to: addressesTo(endpointsTo(parts, reach, serviceBus.namespace, ["namespace"])),
        service: BUS,
        names: [`${serviceBus.namespace}.servicebus.windows.net`],
        what: `the namespace ${serviceBus.namespace}`,
      })),
    ...sites.flatMap((site) =>
      site === undefined
        ? []
        : [
            {
              place,
              to: addressesTo(endpointsTo(parts, reach, site, ["sites"])),
              service: HTTPS,
              names: [`${site}.azurewebsites.net`],
              what: `the health of ${site}`,
            },
          ],
    ),
    ...(place.subnet === workload ? [toHosts(place, HOSTS.publishing, HTTPS, "signing in, and Resource Manager")] : []),
  ]);
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
