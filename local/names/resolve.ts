import type { Azure } from "../azure/azure";
import { answers } from "../azure/forwarder";

/** A step from a name to an address. */
export type DnsRecord =
  | { readonly name: string; readonly type: "CNAME"; readonly data: string }
  | { readonly name: string; readonly type: "A"; readonly data: string };

/** The public suffixes of services that private endpoints lead to, with what Azure puts before them then. */
const PRIVATE_LINK: Readonly<Record<string, string>> = {
  "servicebus.windows.net": "privatelink.servicebus.windows.net",
  "azurewebsites.net": "privatelink.azurewebsites.net",
  "blob.core.windows.net": "privatelink.blob.core.windows.net",
  "queue.core.windows.net": "privatelink.queue.core.windows.net",
  "table.core.windows.net": "privatelink.table.core.windows.net",
};

/**
 * Asks for a name as a host in a region's spoke does: its forwarders first, which may answer for listed names only; then public answers, with the region's own private zones
 * before them. An alias is a CNAME of Azure's, so that a failover moves it everywhere at once.
 *
 * @returns the chain; nothing where the name does not exist, or nobody answers for it: NXDOMAIN
 */
export function resolve(azure: Azure, location: string, name: string): readonly DnsRecord[] {
  const asked = name.toLowerCase().replace(/\.$/, "");
  const forwarders = azure.forwarders.all().filter((forwarder) => forwarder.location === location);
  if (forwarders.length > 0 && !forwarders.some((forwarder) => answers(forwarder, asked))) return [];
  return chainFrom(azure, location, asked);
}

function chainFrom(azure: Azure, location: string, asked: string): readonly DnsRecord[] {
  const next = publicAlias(azure, asked);
  if (next !== undefined) {
    const rest = chainFrom(azure, location, next);
    return rest.length === 0 ? [] : [{ name: asked, type: "CNAME", data: next }, ...rest];
  }
  const address =
    privateAddress(azure, location, asked) ?? redirected(azure, location, asked) ?? publicAddress(azure, asked);
  return address === undefined ? [] : [{ name: asked, type: "A", data: address }];
}

/** The address that a host in a region gets for a name, if it gets one. */
export function addressOf(azure: Azure, location: string, name: string): string | undefined {
  return resolve(azure, location, name).find(({ type }) => type === "A")?.data;
}

/** Where telemetry goes: a public service. The addresses are of the range for documentation (RFC 5737). */
export function publicAddress(azure: Azure, host: string): string | undefined {
  const index = azure.insights.all().findIndex(({ ingestionHost }) => ingestionHost === host);
  return index < 0 ? undefined : `203.0.113.${index + 1}`;
}

function publicAlias(azure: Azure, host: string): string | undefined {
  const [label = "", ...rest] = host.split(".");
  const suffix = rest.join(".");
  const privateSuffix = PRIVATE_LINK[suffix];
  if (privateSuffix === undefined) return undefined;
  const pairing = azure
    .aliases()
    .find(({ alias }) => suffix === "servicebus.windows.net" && alias.toLowerCase() === label);
  if (pairing) {
    const primary = azure.namespaces.get(pairing.primaryId);
    return primary && `${primary.name.toLowerCase()}.${suffix}`;
  }
  return azure.endpoints.all().some(({ targetId }) => nameIn(targetId) === label)
    ? `${label}.${privateSuffix}`
    : undefined;
}

/** The record of a private zone, if the zone is linked in the region: a linked zone without the record hides the public answer. */
function privateAddress(azure: Azure, location: string, host: string): string | undefined {
  const [label = "", ...rest] = host.split(".");
  const zones = azure.zoneLinks
    .all()
    .filter((link) => link.asked && link.location === location && link.zone === rest.join("."));
  return azure.endpoints
    .all()
    .find(
      ({ targetId, zoneIds }) =>
        nameIn(targetId) === label &&
        zones.some(({ zoneId }) => zoneIds.some((id) => id.toLowerCase() === zoneId.toLowerCase())),
    )?.address;
}

/**
 * What the public DNS answers for a private-link name that a linked zone has no record of, where the link says so (`NxDomainRedirect`): the service's public address,
 * at which nobody is let in. The addresses are of a range for documentation (RFC 5737).
 */
function redirected(azure: Azure, location: string, host: string): string | undefined {
  const [label = "", ...rest] = host.split(".");
  const zone = rest.join(".");
  const redirects = azure.zoneLinks
    .all()
    .some((link) => link.asked && link.location === location && link.zone === zone && link.redirects === true);
  const index = azure.endpoints.all().findIndex(({ targetId }) => nameIn(targetId) === label);
  return redirects && index >= 0 ? `198.51.100.${index + 1}` : undefined;
}

function nameIn(armId: string): string {
  return armId.slice(armId.lastIndexOf("/") + 1).toLowerCase();
}
