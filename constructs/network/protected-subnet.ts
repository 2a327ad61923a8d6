import type { RouteTable } from "@cdktf/provider-azurerm/lib/route-table";
import { Subnet, type SubnetDelegation } from "@cdktf/provider-azurerm/lib/subnet";
import { SubnetNetworkSecurityGroupAssociation } from "@cdktf/provider-azurerm/lib/subnet-network-security-group-association";
import { SubnetRouteTableAssociation } from "@cdktf/provider-azurerm/lib/subnet-route-table-association";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Connections, type End, type IConnectable } from "./connections";
import type { IEgress } from "./egress";
import type { Placement } from "./placement";
import { SecurityGroup } from "./security-group";

export interface ProtectedSubnetProps extends Placement {
  readonly name: string;
  readonly virtualNetworkName: string;
  readonly cidr: string;
  readonly routeTable: RouteTable;
  readonly egress: IEgress;
  /** @default none */
  readonly delegation?: SubnetDelegation;
  /** @default false */
  readonly holdsPrivateEndpoints?: boolean;
}

/**
 * A subnet nothing enters or leaves undeclared: its own NSG, the default route of the design, no implicit way to the Internet, and
 * network policies on for private endpoints, without which Azure accepts the NSG and ignores it.
 */
export class ProtectedSubnet extends Construct implements IConnectable {
  readonly id: string;
  readonly end: End;
  readonly connections: Connections;
  /** The NSG and the routes apply only once these exist. */
  readonly guards: ITerraformDependable[];
  /** The subnet and its guards: each of them puts the subnet. */
  readonly parts: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ProtectedSubnetProps) {
    super(scope, id);
    const { name, cidr, egress, routeTable, virtualNetworkName, delegation, location, resourceGroupName, tags } = props;
    const subnet = new Subnet(this, "subnet", {
      name,
      resourceGroupName,
      virtualNetworkName,
      addressPrefixes: [cidr],
      defaultOutboundAccessEnabled: false,
      ...((props.holdsPrivateEndpoints ?? false)
        ? { privateEndpointNetworkPolicies: "NetworkSecurityGroupEnabled" }
        : {}),
      ...(delegation ? { delegation: [delegation] } : {}),
    });
    this.id = subnet.id;
    const securityGroup = new SecurityGroup(this, "security-group", {
      name: `${name}-nsg`,
      location,
      resourceGroupName,
      tags,
    });
    this.guards = [
      new SubnetNetworkSecurityGroupAssociation(this, "nsg-association", {
        subnetId: subnet.id,
        networkSecurityGroupId: securityGroup.resource.id,
      }),
      new SubnetRouteTableAssociation(this, "route-association", { subnetId: subnet.id, routeTableId: routeTable.id }),
    ];
    this.parts = [subnet, ...this.guards];
    this.end = { name, addresses: [cidr], securityGroup, filter: egress.filter, outside: false };
    this.connections = new Connections(this.end);
  }
}
