import { nameIn, typeIn } from "../azure-facts/arm-ids";
import {
  PRIVATE_LINK,
  type PrivateLinkService,
  publicNamesOf,
  servicesOf,
  zoneOfSuffix,
} from "../azure-facts/private-link";
import type { LinkZone } from "./names";
import type { Stamp } from "./schema";

type Declared = Stamp["access"]["privateServices"][number];

/** The resource types that are taken: each of their endpoints has one address. */
export const OFFERED: readonly string[] = [
  PRIVATE_LINK.sqlServer.type,
  PRIVATE_LINK.vault.type,
  PRIVATE_LINK.blob.type,
];

/** A service of the user's own, with what Azure says of its kind. */
export interface PrivateService extends Declared {
  /** The resource's name. */
  readonly name: string;
  readonly link: PrivateLinkService;
  readonly zone: LinkZone;
  /** The public names, which lead to the endpoint. */
  readonly hosts: readonly string[];
}

/** What a resource offers to endpoints, and nothing where it is of a kind that is not taken. */
export function offeredBy(resourceId: string): readonly PrivateLinkService[] {
  const offered = servicesOf(typeIn(resourceId));
  // The name of a static website has a number of Azure's in it.
  return offered.filter((each) => OFFERED.includes(each.type) && each !== PRIVATE_LINK.web);
}

/** @throws Error where the topology was not validated */
export function privateServicesOf({ access }: Stamp): PrivateService[] {
  return access.privateServices.map((declared) => {
    const offered = offeredBy(declared.resourceId);
    const link = offered.find(({ subresource }) => offered.length === 1 || subresource === declared.subresource);
    if (!link) throw new Error(`${declared.resourceId} is of no kind that is known: validate the topology first.`);
    const name = nameIn(declared.resourceId);
    return { ...declared, name, link, zone: zoneKeyOf(link), hosts: publicNamesOf(name, link.subresource) };
  });
}

function zoneKeyOf(link: PrivateLinkService): LinkZone {
  const [key] = Object.entries(PRIVATE_LINK).find(([, each]) => each === link) ?? [];
  return key as LinkZone;
}

/** Where the name of an existing endpoint is kept: the zone, and the label in it. */
export interface KeptName {
  readonly host: string;
  /** The zone's name: a private-link zone, else one of this name alone, so that it hides no other. */
  readonly zone: string;
  readonly label: string;
}

export function keptName(host: string): KeptName {
  const [label = "", ...rest] = host.split(".");
  const zone = zoneOfSuffix(rest.join("."));
  return zone === undefined ? { host, zone: host, label: "@" } : { host, zone, label };
}
