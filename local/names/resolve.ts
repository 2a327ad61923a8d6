import { nameIn, sameId } from "../../azure-facts/arm-ids";
import { SERVICE_BUS_SUFFIX, zoneOfSuffix } from "../../azure-facts/private-link";
import { MONITOR_ZONES } from "../../azure-facts/private-monitoring";
import type { Azure, ZoneLink } from "../azure/azure";
import { answers } from "../azure/forwarder";
import { reachedFrom } from "../azure/peers";
import { componentOf, endpointsOf, monitoringAlias } from "./monitoring";

/** A step from a name to an address. */
export type DnsRecord =
  | { readonly name: string; readonly type: "CNAME"; readonly data: string }
  | { readonly name: string; readonly type: "A"; readonly data: string };

/**
 * Asks for a name as a host in a network does. The network's DNS servers are asked, if it has any: of these the first forwarder that the network reaches.
 * It may answer for listed names only, and asks Azure's resolver in its own network. A network without DNS servers asks Azure's resolver itself. That answers from the private
 * zones that are linked to the asking network, then from the public DNS. An alias is a CNAME of Azure's, so that a failover moves it everywhere at once.
 *
 * @param networkId the ARM id of the network that the host is in; none: it asks the public DNS alone
 * @returns the chain; nothing where the name does not exist, or no server answers for it: NXDOMAIN
 */
export function resolve(azure: Azure, networkId: string | undefined, name: string): readonly DnsRecord[] {
  const asked = name.toLowerCase().replace(/\.$/, "");
  const network = networkId === undefined ? undefined : azure.networks.get(networkId);
  if (!network || network.dnsServers.length === 0) return chainFrom(azure, networkId, asked);
  const reached = reachedFrom(azure, network.id);
  const forwarder = network.dnsServers
    .map((address) =>
      azure.forwarders
        .all()
        .find(
          (each) =>
            reached.has(each.networkId.toLowerCase()) &&
            each.addresses.includes(address) &&
            each.answersFor?.some((id) => id.toLowerCase() === network.id.toLowerCase()) !== false,
        ),
    )
    .find((each) => each !== undefined);
  // No server answers at all: a client fails as it does for a name that does not exist.
  if (!forwarder || !answers(forwarder, asked)) return [];
  return chainFrom(azure, forwarder.networkId, asked);
}

function chainFrom(azure: Azure, networkId: string | undefined, asked: string): readonly DnsRecord[] {
  const next = publicAlias(azure, asked) ?? monitoringAlias(azure, asked);
  if (next !== undefined) {
    const rest = chainFrom(azure, networkId, next);
    return rest.length === 0 ? [] : [{ name: asked, type: "CNAME", data: next }, ...rest];
  }
  const address =
    privateAddress(azure, networkId, asked) ?? redirected(azure, networkId, asked) ?? publicAddress(azure, asked);
  return address === undefined ? [] : [{ name: asked, type: "A", data: address }];
}

/** The address that a host in a network gets for a name, if it gets one. */
export function addressOf(azure: Azure, networkId: string | undefined, name: string): string | undefined {
  return resolve(azure, networkId, name).find(({ type }) => type === "A")?.data;
}

/** Where telemetry goes: a public service. The addresses are of the range for documentation (RFC 5737). */
export function publicAddress(azure: Azure, host: string): string | undefined {
  const name = componentOf(azure, host)?.ingestionHost ?? host;
  const index = azure.insights.all().findIndex(({ ingestionHost }) => ingestionHost === name);
  return index < 0 ? undefined : `203.0.113.${index + 1}`;
}

function publicAlias(azure: Azure, host: string): string | undefined {
  const [label = "", ...rest] = host.split(".");
  const suffix = rest.join(".");
  const zone = zoneOfSuffix(suffix);
  if (zone === undefined) return undefined;
  const pairing = azure.aliases().find(({ alias }) => suffix === SERVICE_BUS_SUFFIX && alias.toLowerCase() === label);
  if (pairing) {
    const primary = azure.namespaces.get(pairing.primaryId);
    return primary && `${primary.name.toLowerCase()}.${suffix}`;
  }
  const isPrivate =
    azure.endpoints.all().some(({ targetId }) => lastSegment(targetId) === label) ||
    azure.records.all().some((record) => record.label === label && lastSegment(record.zoneId) === zone);
  return isPrivate ? `${label}.${zone}` : undefined;
}

/** The zones of a name that are linked to a network. */
function linksTo(azure: Azure, networkId: string | undefined, zone: string): ZoneLink[] {
  if (networkId === undefined) return [];
  const id = networkId.toLowerCase();
  return azure.zoneLinks.all().filter((link) => link.networkId.toLowerCase() === id && link.zone === zone);
}

/** The record of a private zone that is linked to the network: a linked zone without the record hides the public answer. */
function privateAddress(azure: Azure, networkId: string | undefined, host: string): string | undefined {
  const [label = "", ...rest] = host.split(".");
  const links = linksTo(azure, networkId, rest.join("."));
  const component = componentOf(azure, host);
  if (component) {
    const monitoring = linksTo(azure, networkId, MONITOR_ZONES.monitor);
    // One record for each name, the later endpoint's.
    return endpointsOf(azure, component.id).findLast(({ zoneIds }) =>
      monitoring.some(({ zoneId }) => zoneIds.some((id) => sameId(id, zoneId))),
    )?.address;
  }
  const apex = linksTo(azure, networkId, host);
  const record = azure.records
    .all()
    .find(
      (each) =>
        (each.label === label && links.some(({ zoneId }) => sameId(zoneId, each.zoneId))) ||
        (each.label === "@" && apex.some(({ zoneId }) => sameId(zoneId, each.zoneId))),
    );
  if (record) return record.addresses[0];
  // Of two endpoints of one name the later one has the record.
  return azure.endpoints
    .all()
    .findLast(
      ({ targetId, zoneIds }) =>
        lastSegment(targetId) === label && links.some(({ zoneId }) => zoneIds.some((id) => sameId(id, zoneId))),
    )?.address;
}

/**
 * The public DNS's answer for a private-link name that a linked zone has no record of, where the link says so (`NxDomainRedirect`): the service's public address,
 * which accepts no connection. The addresses are of a range for documentation (RFC 5737).
 */
function redirected(azure: Azure, networkId: string | undefined, host: string): string | undefined {
  const [label = "", ...rest] = host.split(".");
  const redirects = linksTo(azure, networkId, rest.join(".")).some((link) => link.redirects === true);
  const index = azure.endpoints.all().findIndex(({ targetId }) => lastSegment(targetId) === label);
  return redirects && index >= 0 ? `198.51.100.${index + 1}` : undefined;
}

function lastSegment(armId: string): string {
  return nameIn(armId).toLowerCase();
}
