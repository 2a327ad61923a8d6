import { endpointsTo, type RegionParts } from "../declared/region-parts";
import type { Endpoint } from "../network/model";
import { addressesOf } from "../packets/addresses";
import { tcp, udp } from "../packets/services";
import { azureResolves } from "../reach/azure-resolver";
import { byAddress } from "../reach/decide";
import type { Place } from "../reach/place";
import { type Aliases, aliasesOf } from "../reach/public-dns";
import type { Reach } from "../reach/reach";
import { type Evidence, fact, missing, way } from "./step";

/** The endpoint in a region's spoke that leads to another region's namespace, or its own. */
export function busEndpoint(spoke: RegionParts, target: RegionParts, reach: Reach): Endpoint | undefined {
  return endpointsTo(spoke, reach, target.region.serviceBus.namespace, ["namespace"])[0];
}

export function busHost({ region }: RegionParts): string {
  return `${region.serviceBus.namespace}.servicebus.windows.net`;
}

/** The question for a name reaches each forwarder of the hub. */
export function questionsReachTheForwarders(place: Place, { hub, dns }: RegionParts, reach: Reach): Evidence[] {
  return dns.ranges
    .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index))
    .map((address) =>
      way(
        byAddress(reach, place, addressesOf(textOf(address)), udp(53)),
        `${place.name} asks ${textOf(address)} in ${hub.name} on udp 53`,
      ),
    );
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** The spoke's network names the hub's forwarders and no other server. */
export function theNetworkNamesTheForwarders({ spoke, dns }: RegionParts): Evidence[] {
  if (spoke.dnsServers.length === 0) return [fact(false, `${spoke.name} names no DNS server`, spoke.origin)];
  return spoke.dnsServers.map((server) =>
    fact(addressesOf(server).isWithin(dns), `${spoke.name} names the forwarder ${server}`, spoke.origin),
  );
}

/** A forwarder sends every question to Azure's resolver, which finds the private zone that is linked to its network, and in it the endpoint. */
export function theForwardersFindTheEndpoint(
  spoke: RegionParts,
  target: RegionParts,
  reach: Reach,
  aliases: Aliases = aliasesOf(reach.lookup),
): Evidence[] {
  const endpoint = busEndpoint(spoke, target, reach);
  const forwarders = reach.model.forwarders.filter(({ networkId }) => networkId === spoke.hub.id);
  if (!endpoint) return missing(`endpoint of ${target.region.serviceBus.namespace} in ${spoke.spoke.name}`);
  const { answer, steps } = azureResolves(busHost(target), spoke.hub.id, aliases, reach.lookup);
  const isFound = answer.kind === "private" && answer.addresses.includes(endpoint.address);
  const last = steps.at(-1);
  return [
    ...forwarders.map(({ name, configuration, origin }) =>
      fact(
        configuration?.forwarders.join() === "168.63.129.16" && !configuration.validatesDnssec,
        `${name} forwards to ${configuration?.forwarders.join(", ") ?? "nothing"}`,
        origin,
      ),
    ),
    fact(isFound, `in ${spoke.hub.name}, ${last?.by ?? ""}: ${last?.why ?? ""}`, last?.origin),
  ];
}

/** The connection itself, by the endpoint's address. */
export function theConnectionOpens(place: Place, spoke: RegionParts, target: RegionParts, reach: Reach): Evidence[] {
  const endpoint = busEndpoint(spoke, target, reach);
  if (!endpoint) return missing(`endpoint of ${target.region.serviceBus.namespace} in ${spoke.spoke.name}`);
  return [
    way(
      byAddress(reach, place, endpoint.addresses, tcp(5671)),
      `${place.name} connects to ${endpoint.address} on tcp 5671`,
    ),
  ];
}

/** The app of a region, by the topology's name for it. */
export function appPlace({ apps }: RegionParts, name: string | undefined): Place | undefined {
  return apps.find(({ app }) => app?.name.toLowerCase() === name?.toLowerCase());
}
