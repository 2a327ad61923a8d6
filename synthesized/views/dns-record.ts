import { armId } from "../arm-id";
import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located } from "../resources";
import { partOf, text, texts } from "./attributes";
import { zoneNamed } from "./zone-link";

/** An A record of a private DNS zone that a stack makes. */
export interface DnsRecord {
  readonly resource: Located;
  /** The ARM id of the zone, in lower case. */
  readonly zoneId: string;
  /** `@` is the zone itself. */
  readonly label: string;
  readonly addresses: readonly string[];
}

export function dnsRecordsIn(stacks: readonly SynthesizedStack[]): DnsRecord[] {
  return all(stacks, "azurerm_private_dns_a_record").map((resource) => ({
    resource,
    zoneId: armId(zoneNamed(resource, resource.block.zone_name)),
    label: text(partOf(resource), "name").toLowerCase(),
    addresses: texts(partOf(resource), "records"),
  }));
}
