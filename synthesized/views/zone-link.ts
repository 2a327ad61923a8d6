import { armId } from "../arm-id";
import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located, placeOf, referred } from "../resources";
import { idIn, optionalText, partOf, text } from "./attributes";

/** A private DNS zone's link to a virtual network. */
export interface ZoneLink {
  readonly resource: Located;
  /** An ARM id, in lower case. */
  readonly id: string;
  /** The ARM id of the zone, in lower case. */
  readonly zoneId: string;
  /** The zone's name. */
  readonly zone: string;
  /** The ARM id of the network, in lower case. */
  readonly networkId: string;
  /** Whether a name without a record is asked of the public DNS: `NxDomainRedirect`. */
  readonly redirects: boolean;
}

export function zoneLinksIn(stacks: readonly SynthesizedStack[]): ZoneLink[] {
  return all(stacks, "azurerm_private_dns_zone_virtual_network_link").map((resource) => {
    const link = partOf(resource);
    const zone = zoneNamed(resource, resource.block.private_dns_zone_name);
    const zoneId = armId(zone);
    return {
      resource,
      id: `${zoneId}/virtualnetworklinks/${text(link, "name").toLowerCase()}`,
      zoneId,
      zone: text(partOf(zone), "name"),
      networkId: idIn(link, "virtual_network_id"),
      redirects: optionalText(link, "resolution_policy") === "NxDomainRedirect",
    };
  });
}

/** The zone that a resource of its stack is in. @throws Error where the stack has none of this name */
export function zoneNamed(within: Located, name: unknown): Located {
  const zone =
    referred(within, name) ?? all([within.stack], "azurerm_private_dns_zone").find(({ block }) => block.name === name);
  if (!zone) throw new Error(`${placeOf(within)} is in ${JSON.stringify(name)}, and its stack has no such zone.`);
  return zone;
}
