import { AZURE_RESOLVER } from "../../../azure-facts/addresses";
import { nameIn } from "../../../azure-facts/arm-ids";
import { MONITOR_ZONES } from "../../../azure-facts/private-monitoring";
import { PRIVATE_LINK } from "../../../azure-facts/private-link";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { type ExistingHub, existingHubsIn } from "../../../synthesized/views/existing-hub";
import { existingZonesIn } from "../../../synthesized/views/existing-zones";
import { LOCALS } from "../../../topology/locals";
import { allOf, ALL_ADDRESSES, PRIVATE_ADDRESSES } from "../../packets/addresses";
import { Intervals } from "../../packets/intervals";
import { servicesOf } from "../../packets/services";
import type { AddressRecord, Firewall, FirewallRule, Forwarder, Network, Peering, Zone, ZoneLink } from "../model";
import { placeholderFor } from "../../../synthesized/computed";
import type { Origin } from "../origin";

/** What the stacks use and do not make: hubs and zones of other owners, as the topology declares them, with what their owners have to do done. */
export interface Declared {
  readonly networks: readonly Network[];
  readonly firewalls: readonly Firewall[];
  readonly forwarders: readonly Forwarder[];
  readonly peerings: readonly Peering[];
  readonly zones: readonly Zone[];
  readonly zoneLinks: readonly ZoneLink[];
  readonly records: readonly AddressRecord[];
}

export function declaredIn(stacks: readonly SynthesizedStack[]): Declared {
  const hubs = existingHubsIn(stacks).map((hub) => ({ hub, origin: originIn(stacks, hub.stack, LOCALS.existingHub) }));
  const sets = existingZonesIn(stacks).map((set) => ({
    set,
    origin: originIn(stacks, set.stack, LOCALS.existingZones),
  }));
  const asked = [
    ...hubs.flatMap(({ hub, origin }) => hub.zoneIds.map((zoneId) => ({ zoneId, networkId: hub.networkId, origin }))),
    ...sets.flatMap(({ set, origin }) => set.zoneIds.map((zoneId) => ({ zoneId, networkId: set.networkId, origin }))),
  ];
  return {
    networks: unique(hubs.map(networkOf)),
    firewalls: hubs.map(filterOf),
    forwarders: hubs.map(serversOf),
    peerings: hubs.map(({ hub, origin }) => ({
      id: `${hub.networkId}/virtualnetworkpeerings/to ${hub.spokeId}`.toLowerCase(),
      name: `to ${nameIn(hub.spokeId)}`,
      origin,
      networkId: hub.networkId.toLowerCase(),
      remoteId: hub.spokeId.toLowerCase(),
      allowsAccess: true,
      allowsForwardedTraffic: true,
      offersGateway: false,
      usesRemoteGateway: false,
    })),
    zones: unique(
      sets.flatMap(({ set, origin }) =>
        set.zoneIds.map((id) => ({
          ...{ id: id.toLowerCase(), name: nameIn(id).toLowerCase(), origin, isDeclared: true },
        })),
      ),
    ),
    zoneLinks: unique(
      asked.map(({ zoneId, networkId, origin }) => ({
        id: `${zoneId}/virtualnetworklinks/to ${networkId}`.toLowerCase(),
        name: `to ${nameIn(networkId)}`,
        origin,
        zoneId: zoneId.toLowerCase(),
        networkId: networkId.toLowerCase(),
        redirects: redirects(nameIn(zoneId).toLowerCase()),
      })),
    ),
    records: sets.flatMap(({ set, origin }) =>
      set.records.flatMap(({ zone, label, addresses }) => {
        const zoneId = set.zoneIds.find((id) => nameIn(id) === zone)?.toLowerCase();
        return zoneId === undefined ? [] : [{ zoneId, label, addresses, origin }];
      }),
    ),
  };
}

/** What the owner is asked for: links of Private Link's zones redirect, but for the one of Service Bus. */
function redirects(zone: string): boolean {
  const isLink = zone.startsWith("privatelink.") || Object.values(MONITOR_ZONES).some((name) => name === zone);
  return isLink && zone !== PRIVATE_LINK.serviceBus.zone;
}

interface HubAt {
  readonly hub: ExistingHub;
  readonly origin: Origin;
}

function networkOf({ hub, origin }: HubAt): Network {
  return {
    id: hub.networkId.toLowerCase(),
    name: nameIn(hub.networkId),
    origin,
    addresses: allOf(hub.addressSpaces),
    prefixes: hub.addressSpaces,
    dnsServers: [],
    isDeclared: true,
  };
}

/** The hub's filter: hosts that it is declared to let through, and the rules for addresses that its owner is asked for. */
function filterOf({ hub, origin }: HubAt): Firewall {
  const allowed = hub.filter.allowsHosts.map((host) => host.toLowerCase());
  const byHosts = hub.admissions.flatMap((admission) => {
    const hosts = admission.hosts.map((host) => host.toLowerCase());
    const open = hosts.filter((host) => isAmong(host, allowed));
    const awaited = hosts.filter((host) => !open.includes(host));
    return [
      ...(open.length > 0 ? [rule(admission, origin, { hosts: open })] : []),
      ...(awaited.length > 0 ? [{ ...rule(admission, origin, { hosts: awaited }), isAwaited: true }] : []),
    ];
  });
  const byAddresses = hub.admissions
    .filter(({ addresses }) => addresses.length > 0)
    .map((admission) => rule(admission, origin, { destinations: allOf(admission.addresses) }));
  const translated = allOf(hub.translated);
  return {
    id: `${hub.networkId}/filters/${hub.filter.address}-for-${nameIn(hub.spokeId)}-${hub.stack}`.toLowerCase(),
    name: `the filter of ${nameIn(hub.networkId)}`,
    origin,
    networkId: hub.networkId.toLowerCase(),
    address: hub.filter.address,
    ownAddresses: allOf(hub.filter.ranges),
    publicAddress: placeholderFor(`${hub.networkId} ${hub.filter.address}`),
    rules: [...byAddresses, ...byHosts],
    rulesOrigin: origin,
    keepsSenderTo: PRIVATE_ADDRESSES.minus(translated),
    routesTo: Intervals.union([
      allOf(hub.routesTo),
      allOf(hub.farNetworks.filter((far) => hub.routesTo.includes(far))),
    ]),
    isDeclared: true,
  };
}

function rule(
  { name, reason, from, ports, protocols }: ExistingHub["admissions"][number],
  origin: Origin,
  to: Pick<FirewallRule, "hosts" | "destinations">,
): FirewallRule {
  return {
    kind: to.hosts ? "application" : "network",
    collection: "declared by the topology",
    name,
    reason,
    allows: true,
    sources: from.length === 0 ? ALL_ADDRESSES : allOf(from),
    service: Intervals.union(protocols.map((protocol) => servicesOf(protocol, ports.map(String)))),
    origin,
    ...to,
  };
}

/** Whether hosts that a filter lets through cover a host, or every host of a `*.zone`. */
function isAmong(host: string, allowed: readonly string[]): boolean {
  return allowed.some(
    (each) => each === host || (each.startsWith("*.") && host.replace(/^\*/, "x").endsWith(each.slice(1))),
  );
}

function serversOf({ hub, origin }: HubAt): Forwarder {
  return {
    id: `${hub.networkId}/dns-servers-for/${hub.spokeId}`.toLowerCase(),
    name: `DNS of ${nameIn(hub.networkId)}`,
    origin,
    networkId: hub.networkId.toLowerCase(),
    addresses: hub.dns.servers,
    configuration: {
      clients: allOf(hub.dns.serves),
      listensOn: ALL_ADDRESSES,
      forwarders: [AZURE_RESOLVER],
      validatesDnssec: false,
      forwardedZones: new Map(),
    },
    isDeclared: true,
  };
}

function originIn(stacks: readonly SynthesizedStack[], name: string, local: string): Origin {
  const file = stacks.find((stack) => stack.name === name)?.file;
  return { resource: `${name}: local.${local}`, ...(file === undefined ? {} : { file }), keys: ["locals", local] };
}

function unique<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
