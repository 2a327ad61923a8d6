import type { Construct } from "constructs";
import { forwarderAddresses } from "../../topology/addresses";
import type { BuiltHub as Declared, Egress, Stamp } from "../../topology/schema";
import { diagnostics } from "../monitoring/diagnostics";
import type { Connections } from "./connections";
import { DnsForwarders } from "./dns-forwarders";
import type { IEgress } from "./egress";
import type { Firewall } from "./firewall";
import type { FinishProps, IHub } from "./hub";
import { HubNetwork } from "./hub-network";
import type { Placement } from "./placement";

export interface BuiltHubProps extends Placement {
  readonly hub: Declared;
  readonly egress: Egress;
  /** Whether a firewall puts its own address in place of the sender's for every destination. */
  readonly translates: boolean;
  readonly forwarders: NonNullable<Stamp["forwarders"]>;
  /** Availability zones; empty where the region has none. */
  readonly zones: readonly string[];
  /** CIDR blocks that the forwarders answer beside those of declared flows. */
  readonly clients: readonly string[];
  /** @default no DDoS protection plan */
  readonly ddosProtectionPlanId?: string;
}

/** A hub of this topology's own: its network with the egress, and the DNS forwarders in it. */
export class BuiltHub implements IHub {
  readonly virtualNetworkId: string;
  readonly egress: IEgress;
  readonly dns: DnsForwarders;
  readonly dnsServers: readonly string[];
  readonly own;
  readonly forwarderSubnet: Connections;
  private readonly firewall?: Firewall;

  constructor(scope: Construct, props: BuiltHubProps) {
    const { hub, egress, translates, forwarders, zones, clients, ddosProtectionPlanId, ...placement } = props;
    const network = new HubNetwork(scope, "hub", {
      ...placement,
      hub,
      egress,
      translates,
      zones,
      ddosProtectionPlanId,
    });
    this.virtualNetworkId = network.virtualNetwork.id;
    this.egress = network.egress;
    this.own = { virtualNetwork: network.virtualNetwork, subnets: network.subnets };
    this.firewall = network.firewall;
    this.forwarderSubnet = network.dnsSubnet.connections;
    this.dnsServers = forwarderAddresses(hub);
    this.dns = new DnsForwarders(scope, "dns", {
      ...placement,
      ...forwarders,
      subnet: network.dnsSubnet,
      addresses: this.dnsServers,
      zones,
      clients,
      after: network.egress.ready,
    });
  }

  finish(scope: Construct, { workspace }: FinishProps): void {
    if (!this.firewall) return;
    diagnostics(scope, "firewall-logs", {
      targetResourceId: this.firewall.resource.id,
      logAnalyticsWorkspaceId: workspace.id,
      destination: "Dedicated",
    });
  }
}
