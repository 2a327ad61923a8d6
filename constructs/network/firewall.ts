import { Firewall as AzureFirewall } from "@cdktf/provider-azurerm/lib/firewall";
import { FirewallPolicy } from "@cdktf/provider-azurerm/lib/firewall-policy";
import {
  FirewallPolicyRuleCollectionGroup,
  type FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRule,
  type FirewallPolicyRuleCollectionGroupNetworkRuleCollectionRule,
} from "@cdktf/provider-azurerm/lib/firewall-policy-rule-collection-group";
import { PublicIp } from "@cdktf/provider-azurerm/lib/public-ip";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Admission, IFilter } from "./connections";
import type { IEgress } from "./egress";
import type { Placement } from "./placement";

export interface FirewallProps extends Placement {
  /** The id of AzureFirewallSubnet. */
  readonly subnetId: string;
  /** Its block. */
  readonly subnetCidr: string;
  /** Availability zones; empty where the region has none. */
  readonly zones: readonly string[];
  /** Whether it puts its own address in place of the sender's for every destination. */
  readonly translates: boolean;
}

/** The ranges to which network rules send with the sender's address: with this one there are none (learn.microsoft.com/azure/firewall/snat-private-range). */
const TRANSLATE_ALL = "255.255.255.255/32";

/**
 * Azure Firewall as the only egress: one policy and one rule-collection group, because rules of several groups shadow each other
 * by their priorities. It allows what is admitted and nothing else; known bad addresses are denied before that.
 */
export class Firewall extends Construct implements IEgress, IFilter {
  readonly resource: AzureFirewall;
  readonly defaultRoute: { nextHopType: string; nextHopInIpAddress: string };
  readonly bgpRoutePropagation = false;
  readonly gatewayTransit = false;
  readonly filter: IFilter = this;
  readonly ready: ITerraformDependable[];
  /** Application rules put an address of the subnet in place of the sender's. */
  readonly addresses: readonly string[];
  readonly translates: boolean;

  private readonly group: FirewallPolicyRuleCollectionGroup;
  private readonly application: FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRule[] = [];
  private readonly network: FirewallPolicyRuleCollectionGroupNetworkRuleCollectionRule[] = [];

  constructor(scope: Construct, id: string, { subnetId, subnetCidr, zones, translates, ...placement }: FirewallProps) {
    super(scope, id);
    this.addresses = [subnetCidr];
    this.translates = translates;
    const address = new PublicIp(this, "public-ip", {
      ...placement,
      name: "hub-firewall-ip",
      allocationMethod: "Static",
      sku: "Standard",
      zones: [...zones],
    });
    const policy = new FirewallPolicy(this, "policy", {
      ...placement,
      name: "hub-firewall-policy",
      sku: "Standard",
      threatIntelligenceMode: "Deny",
      ...(translates ? { privateIpRanges: [TRANSLATE_ALL] } : {}),
    });
    this.group = new FirewallPolicyRuleCollectionGroup(this, "rules", {
      name: "declared-flows",
      firewallPolicyId: policy.id,
      priority: 100,
    });
    this.resource = new AzureFirewall(this, "firewall", {
      ...placement,
      name: "hub-firewall",
      skuName: "AZFW_VNet",
      skuTier: "Standard",
      firewallPolicyId: policy.id,
      zones: [...zones],
      ipConfiguration: [{ name: "egress", subnetId, publicIpAddressId: address.id }],
    });
    this.defaultRoute = {
      nextHopType: "VirtualAppliance",
      nextHopInIpAddress: this.resource.ipConfiguration.get(0).privateIpAddress,
    };
    this.ready = [this.resource, this.group];
  }

  admit({ name, from, to, port, reason }: Admission): void {
    const rule = { name, description: reason, sourceAddresses: [...from] };
    if (to.hosts) {
      const type = port.web === "http" ? "Http" : "Https";
      this.application.push({
        ...rule,
        destinationFqdns: [...to.hosts],
        protocols: port.numbers.map((number) => ({ type, port: number })),
      });
      this.group.putApplicationRuleCollection([
        { name: "hosts", priority: 300, action: "Allow", rule: this.application },
      ]);
    } else {
      this.network.push({
        ...rule,
        destinationAddresses: [...to.addresses],
        destinationPorts: port.numbers.map(String),
        protocols: port.protocols.map((protocol) => protocol.toUpperCase()),
      });
      this.group.putNetworkRuleCollection([
        { name: "private-ranges", priority: 200, action: "Allow", rule: this.network },
      ]);
    }
  }
}
