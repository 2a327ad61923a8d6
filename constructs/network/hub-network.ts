import { Subnet } from "@cdktf/provider-azurerm/lib/subnet";
import { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { NAMES } from "../../topology/names";
import type { BuiltHub, Egress } from "../../topology/schema";
import type { IEgress } from "./egress";
import { egressRoutes } from "./egress-routes";
import { Firewall } from "./firewall";
import { Gateway } from "./gateway";
import type { Placement } from "./placement";
import { ProtectedSubnet } from "./protected-subnet";

export interface HubNetworkProps extends Placement {
  readonly hub: BuiltHub;
  readonly egress: Egress;
  /** Whether a firewall puts its own address in place of the sender's for every destination. */
  readonly translates: boolean;
  readonly zones: readonly string[];
  /** @default no DDoS protection plan */
  readonly ddosProtectionPlanId?: string;
}

/** The hub: the egress, and DNSSubnet for the forwarders. It uses Azure's own DNS: its forwarders ask that for private names. */
export class HubNetwork extends Construct {
  readonly virtualNetwork: VirtualNetwork;
  readonly egress: IEgress;
  /** Azure Firewall, where it is the egress. */
  readonly firewall?: Firewall;
  readonly dnsSubnet: ProtectedSubnet;
  /** Its subnets and what is associated with them: while one is being put, Azure refuses what needs the network whole. */
  readonly subnets: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: HubNetworkProps) {
    super(scope, id);
    const { hub, egress, zones, translates, ddosProtectionPlanId, ...placement } = props;
    this.virtualNetwork = new VirtualNetwork(this, "vnet", {
      ...placement,
      name: hub.name,
      addressSpace: [hub.addressSpace],
      ...(ddosProtectionPlanId === undefined ? {} : { ddosProtectionPlan: { id: ddosProtectionPlanId, enable: true } }),
    });
    if (egress.via === "firewall") {
      const { subnet, cidr } = this.plainSubnet("firewall-subnet", NAMES.firewallSubnet, hub.firewallSubnet, placement);
      this.firewall = new Firewall(this, "firewall", {
        ...placement,
        ...{ subnetId: subnet.id, subnetCidr: cidr, zones, translates },
      });
      this.egress = this.firewall;
      this.subnets.push(subnet);
    } else {
      const { subnet } = this.plainSubnet("gateway-subnet", NAMES.gatewaySubnet, hub.gatewaySubnet, placement);
      this.egress = new Gateway(this, "gateway", { ...placement, subnetId: subnet.id, zones, egress });
      this.subnets.push(subnet);
    }
    this.dnsSubnet = new ProtectedSubnet(this, "dns-subnet", {
      ...placement,
      name: NAMES.dnsSubnet,
      virtualNetworkName: this.virtualNetwork.name,
      cidr: hub.dnsSubnet,
      egress: this.egress,
      routeTable: egressRoutes(this, "routes", "hub-routes", this.egress, placement),
    });
    this.subnets.push(...this.dnsSubnet.parts);
  }

  /** Azure allows neither an NSG on AzureFirewallSubnet nor a 0.0.0.0/0 route on GatewaySubnet. */
  private plainSubnet(
    id: string,
    name: string,
    cidr: string | undefined,
    { resourceGroupName }: Placement,
  ): { subnet: Subnet; cidr: string } {
    if (cidr === undefined) throw new Error(`The hub has no ${name}: validate the topology first.`);
    const subnet = new Subnet(this, id, {
      name,
      resourceGroupName,
      virtualNetworkName: this.virtualNetwork.name,
      addressPrefixes: [cidr],
      defaultOutboundAccessEnabled: false,
    });
    return { subnet, cidr };
  }
}
