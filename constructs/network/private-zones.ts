import { PrivateDnsZone } from "@cdktf/provider-azurerm/lib/private-dns-zone";
import { PrivateDnsZoneVirtualNetworkLink } from "@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link";
import { Construct } from "constructs";
import { PRIVATE_ZONES } from "../../topology/names";
import type { IHub } from "./hub";

export interface PrivateZonesProps {
  readonly resourceGroupName: string;
  readonly tags: Record<string, string>;
  /** Where the forwarders ask from. */
  readonly hub: IHub;
}

/**
 * The region's own zones of Private Link, linked to its hub where that is this topology's own (an existing hub's owner links them): the spokes ask the forwarders, and those ask from the hub, so a link to a
 * spoke would have no effect. One zone of a name for each region: in a shared one the second region's endpoint overwrites the first's record.
 *
 * A linked zone hides every public name below it that it has no record for. Other people's storage and sites stay resolvable by NxDomainRedirect; the
 * namespaces' zone fails closed, so that a record that is missing there is seen at once and never leads past the endpoint.
 */
export class PrivateZones extends Construct {
  constructor(scope: Construct, id: string, { resourceGroupName, tags, hub }: PrivateZonesProps) {
    super(scope, id);
    for (const [key, name] of Object.entries(PRIVATE_ZONES)) {
      const zone = new PrivateDnsZone(this, key, { name, resourceGroupName, tags });
      if (!hub.own) continue;
      new PrivateDnsZoneVirtualNetworkLink(this, `${key}-hub`, {
        name: "hub",
        resourceGroupName,
        privateDnsZoneName: zone.name,
        virtualNetworkId: hub.virtualNetworkId,
        registrationEnabled: false,
        ...(key === "serviceBus" ? {} : { resolutionPolicy: "NxDomainRedirect" }),
        tags,
      });
    }
  }
}
