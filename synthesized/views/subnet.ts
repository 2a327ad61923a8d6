import { networkOf } from "../../azure-facts/arm-ids";
import { armId } from "../arm-id";
import type { SynthesizedStack } from "../cdktf-out";
import { all, isSame, type Located, referred } from "../resources";
import { optionalText, partOf, partsIn, text, texts } from "./attributes";

export interface Subnet {
  readonly resource: Located;
  /** An ARM id, in lower case. */
  readonly id: string;
  readonly name: string;
  /** The ARM id of its virtual network, in lower case. */
  readonly networkId: string;
  /** CIDR blocks. */
  readonly prefixes: readonly string[];
  /** Whether it is given over to a service, as App Service's VNet integration needs. */
  readonly isDelegated: boolean;
  /** azurerm's value. @default Disabled */
  readonly privateEndpointPolicies: string;
  /** What associates it with a security group and with a route table. */
  readonly associations: readonly Located[];
}

const ASSOCIATIONS = [
  "azurerm_subnet_network_security_group_association",
  "azurerm_subnet_route_table_association",
] as const;

export function subnetsIn(stacks: readonly SynthesizedStack[]): Subnet[] {
  const associations = all(stacks, ...ASSOCIATIONS);
  return all(stacks, "azurerm_subnet").map((resource) => {
    const subnet = partOf(resource);
    const id = armId(resource);
    return {
      resource,
      id,
      name: text(subnet, "name"),
      networkId: networkOf(id),
      prefixes: texts(subnet, "address_prefixes"),
      isDelegated: partsIn(subnet, "delegation").length > 0,
      privateEndpointPolicies: optionalText(subnet, "private_endpoint_network_policies") ?? "Disabled",
      associations: associations.filter(
        (each) => each.stack === resource.stack && isSame(referred(each, each.block.subnet_id), resource),
      ),
    };
  });
}

/** Whether an NSG is on a subnet. */
export function hasSecurityGroup({ associations }: Subnet): boolean {
  return associations.some(({ type }) => type === "azurerm_subnet_network_security_group_association");
}
