import { z } from "zod";
import type { SynthesizedStack } from "../cdktf-out";
import { LOCALS } from "../../topology/locals";
import { literally } from "../../topology/terraform-text";

/** A firewall rule that the owner of an existing hub has to add. */
export interface HubAdmission {
  readonly name: string;
  readonly reason: string;
  /** CIDR blocks. */
  readonly from: readonly string[];
  /** Host names; empty where it is about addresses. */
  readonly hosts: readonly string[];
  /** CIDR blocks and addresses; empty where it is about hosts. */
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
  /** Tcp, Udp. */
  readonly protocols: readonly string[];
  readonly web: "http" | "https";
}

/** A hub of another owner's, as a network stack says it. */
export interface ExistingHub {
  /** The stack whose spoke uses it. */
  readonly stack: string;
  /** ARM ids. */
  readonly networkId: string;
  /** CIDR blocks. */
  readonly addressSpaces: readonly string[];
  readonly spokeId: string;
  readonly zoneIds: readonly string[];
  readonly filter: {
    readonly address: string;
    readonly ranges: readonly string[];
    readonly allowsHosts: readonly string[];
  };
  readonly dns: { readonly servers: readonly string[]; readonly serves: readonly string[] };
  /** CIDR blocks beyond it that it is declared to route to. */
  readonly routesTo: readonly string[];
  /** CIDR blocks beyond it that flows lead to. */
  readonly farNetworks: readonly string[];
  /** Addresses and CIDR blocks for which it has to put its own address in place of the sender's. */
  readonly translated: readonly string[];
  readonly admissions: readonly HubAdmission[];
  /** CIDR blocks that ask its DNS servers. */
  readonly dnsClients: readonly string[];
  /** Names that they ask for. */
  readonly names: readonly string[];
}

const texts = z.array(z.string());
const schema = z.object({
  virtual_network_id: z.string(),
  address_spaces: texts,
  spoke_id: z.string(),
  zone_ids: texts,
  filter: z.object({ address: z.string(), ranges: texts, allows_hosts: texts }),
  dns: z.object({ servers: texts, serves: texts }),
  routes_to: texts,
  far_networks: texts,
  translated: texts,
  admissions: z.array(
    z.object({
      name: z.string(),
      reason: z.string(),
      from: texts,
      hosts: texts,
      addresses: texts,
      ports: z.array(z.number()),
      protocols: texts,
      web: z.enum(["http", "https"]),
    }),
  ),
  dns_clients: texts,
  names: texts,
});

/** @throws Error where a local is not whole */
export function existingHubsIn(stacks: readonly SynthesizedStack[]): ExistingHub[] {
  return stacks.flatMap(({ name, json }) => {
    const local = json.locals?.[LOCALS.existingHub];
    if (local === undefined) return [];
    const hub = schema.parse(literally(local));
    return [
      {
        stack: name,
        networkId: hub.virtual_network_id,
        addressSpaces: hub.address_spaces,
        spokeId: hub.spoke_id,
        zoneIds: hub.zone_ids,
        filter: { address: hub.filter.address, ranges: hub.filter.ranges, allowsHosts: hub.filter.allows_hosts },
        dns: hub.dns,
        routesTo: hub.routes_to,
        farNetworks: hub.far_networks,
        translated: hub.translated,
        admissions: hub.admissions,
        dnsClients: hub.dns_clients,
        names: hub.names,
      },
    ];
  });
}
