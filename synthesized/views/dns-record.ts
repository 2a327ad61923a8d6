import { armId } from "../arm-id";
import { ChosenAddresses } from "../chosen-addresses";
import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located, referred } from "../resources";
import { optionalText, partOf, partsIn, someTexts, text } from "./attributes";
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
  const chosen = new ChosenAddresses(stacks);
  return all(stacks, "azurerm_private_dns_a_record").map((resource) => ({
    resource,
    zoneId: armId(zoneNamed(resource, resource.block.zone_name)),
    label: text(partOf(resource), "name").toLowerCase(),
    addresses: addressesIn(resource, chosen),
  }));
}

/** As they are written, or those of the endpoints and interfaces that are referred to. */
function addressesIn(resource: Located, chosen: ChosenAddresses): string[] {
  // A plan has a list that is not known yet as one reference.
  const records = [resource.block.records].flat();
  const holders = records.map((value) => referred(resource, value));
  const known = holders.map((holder) => (holder && HOLDERS.has(holder.type) ? addressOf(holder, chosen) : undefined));
  const all = known.filter((address) => address !== undefined);
  return all.length > 0 && all.length === holders.length ? all : someTexts(partOf(resource), "records");
}

const HOLDERS = new Set(["azurerm_private_endpoint", "azurerm_network_interface"]);

function addressOf(holder: Located, chosen: ChosenAddresses): string {
  const [configuration] = partsIn(partOf(holder), "ip_configuration");
  const asked = configuration && optionalText(configuration, "private_ip_address");
  return asked ?? chosen.of(armId(holder));
}
