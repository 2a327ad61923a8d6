import type { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { IWorkspace } from "../monitoring/workspace";
import type { Connections, IConnectable } from "./connections";
import type { IEgress } from "./egress";

/** What a spoke needs of its hub, whether it is built or exists. */
export interface IHub {
  /** The ARM id of its network. */
  readonly virtualNetworkId: string;
  /** Where 0.0.0.0/0 goes, and what filters it. */
  readonly egress: IEgress;
  /** Who answers for names. */
  readonly dns: IConnectable;
  /** The addresses of its DNS servers. */
  readonly dnsServers: readonly string[];
  /** The subnet of forwarders that are built, as the source of what they need. @default the DNS servers are another owner's */
  readonly forwarderSubnet?: Connections;
  /** What only the network's owner may add to: peerings from its side, links of zones. @default the hub exists, and its owner adds these */
  readonly own?: {
    readonly virtualNetwork: VirtualNetwork;
    /** Its subnets and what is associated with them. */
    readonly subnets: readonly ITerraformDependable[];
  };
  /** Completes the hub when every flow is declared. */
  finish(scope: Construct, props: FinishProps): void;
}

export interface FinishProps {
  readonly workspace: IWorkspace;
  /** The ARM id of the spoke's network. */
  readonly spokeId: string;
  /** The ARM ids of the region's private DNS zones. */
  readonly zoneIds: readonly string[];
  /** CIDR blocks beyond the hub that flows lead to and come from. */
  readonly farNetworks: readonly string[];
}
