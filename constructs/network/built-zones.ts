import { PrivateDnsARecord } from "@cdktf/provider-azurerm/lib/private-dns-a-record";
import { PrivateDnsZone } from "@cdktf/provider-azurerm/lib/private-dns-zone";
import { PrivateDnsZoneVirtualNetworkLink } from "@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link";
import { Construct } from "constructs";
import { type PlannedRecord, type PlannedZone, redirects } from "../../topology/zones";
import type { IHub } from "./hub";
import type { IPrivateZones } from "./private-zones";

export interface BuiltZonesProps {
  readonly resourceGroupName: string;
  readonly tags: Record<string, string>;
  readonly zones: readonly PlannedZone[];
  readonly records: readonly PlannedRecord[];
  /** Their ARM ids. */
  readonly ids: readonly string[];
  /** Where the forwarders ask from. */
  readonly hub: IHub;
}

/** In seconds: what exists elsewhere rarely moves. */
const TTL = 300;

/**
 * The region's own zones, linked to its hub where that is this topology's own (an existing hub's owner links them): the spokes ask the forwarders, and those ask from the hub,
 * so a link to a spoke would have no effect. One zone of a name for each region: in a shared one the second region's endpoint overwrites the first's record.
 */
export class BuiltZones extends Construct implements IPrivateZones {
  readonly ids: readonly string[];

  constructor(scope: Construct, id: string, props: BuiltZonesProps) {
    super(scope, id);
    const { resourceGroupName, tags, zones, records, ids, hub } = props;
    this.ids = ids;
    for (const { id: key, name } of zones) {
      const zone = new PrivateDnsZone(this, key, { name, resourceGroupName, tags });
      for (const { host, label, addresses } of records.filter((record) => record.zone === name)) {
        new PrivateDnsARecord(this, `record-${host}`, {
          ...{ name: label, resourceGroupName, zoneName: zone.name, ttl: TTL, tags },
          records: [...addresses],
        });
      }
      if (!hub.own) continue;
      new PrivateDnsZoneVirtualNetworkLink(this, `${key}-hub`, {
        name: "hub",
        resourceGroupName,
        privateDnsZoneName: zone.name,
        virtualNetworkId: hub.virtualNetworkId,
        registrationEnabled: false,
        ...(redirects(name) ? { resolutionPolicy: "NxDomainRedirect" } : {}),
        tags,
      });
    }
  }

  finish(): void {
    // Everything is written already.
  }
}
