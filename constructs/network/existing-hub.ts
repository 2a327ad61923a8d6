import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import { LOCALS } from "../../topology/locals";
import type { ExistingHub as Declared } from "../../topology/schema";
import type { Admission, IConnectable, IFilter } from "./connections";
import type { IEgress } from "./egress";
import { FlowEnd } from "./flow-end";
import type { FinishProps, IHub } from "./hub";

/** A hub of another owner's. Nothing in it is changed: what flows need of it is collected for its owner. */
export class ExistingHub implements IHub {
  readonly virtualNetworkId: string;
  readonly egress: IEgress;
  readonly dns: IConnectable;
  readonly dnsServers: readonly string[];
  private readonly admissions: Admission[] = [];
  private readonly dnsClients = new Set<string>();
  private readonly names = new Set<string>();

  static from(existing: Declared): ExistingHub {
    return new ExistingHub(existing);
  }

  private constructor(private readonly existing: Declared) {
    const { virtualNetworkId, filter, dns } = existing;
    this.virtualNetworkId = virtualNetworkId;
    this.dnsServers = dns.servers;
    const collecting: IFilter = {
      addresses: filter.ranges,
      admit: (admission) => {
        this.admissions.push(admission);
      },
    };
    this.egress = {
      defaultRoute: { nextHopType: "VirtualAppliance", nextHopInIpAddress: filter.address },
      bgpRoutePropagation: false,
      filter: collecting,
      gatewayTransit: false,
      ready: [],
    };
    this.dns = FlowEnd.range(
      "hub-dns",
      dns.servers.map((server) => `${server}/32`),
      existing.addressSpaces,
      {
        admits: (blocks) => {
          for (const block of blocks) this.dnsClients.add(block);
        },
        answers: (hosts) => {
          for (const host of hosts) this.names.add(host);
        },
      },
    );
  }

  /** Writes down what its owner has to do, and what was declared as done: `synthesized/views/existing-hub.ts` reads it. */
  finish(scope: Construct, { spokeId, zoneIds, farNetworks }: FinishProps): void {
    const { addressSpaces, filter, dns, routesTo } = this.existing;
    new TerraformLocal(scope, LOCALS.existingHub, {
      virtual_network_id: this.virtualNetworkId,
      address_spaces: addressSpaces,
      spoke_id: spokeId,
      zone_ids: [...zoneIds],
      filter: { address: filter.address, ranges: filter.ranges, allows_hosts: filter.allowsHosts },
      dns: { servers: dns.servers, serves: dns.serves },
      routes_to: routesTo,
      far_networks: [...farNetworks],
      translated: [
        ...new Set(
          this.admissions.flatMap(({ to }) =>
            to.needsTranslation === true && !to.hosts ? to.addresses.map((each) => each.replace(/\/32$/, "")) : [],
          ),
        ),
      ],
      admissions: this.admissions.map(({ name, reason, from, to, port }) => ({
        name,
        reason,
        from,
        hosts: to.hosts ?? [],
        addresses: to.hosts ? [] : to.addresses,
        ports: port.numbers,
        protocols: port.protocols,
        web: port.web,
      })),
      dns_clients: [...this.dnsClients],
      names: [...this.names],
    });
  }
}
