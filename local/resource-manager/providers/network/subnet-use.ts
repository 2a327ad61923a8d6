import { Address4 } from "ip-address";
import { RESERVED_AT_END, RESERVED_AT_START } from "../../../../azure-facts/addresses";
import { addressAt, contains } from "../../../../topology/cidr";
import {
  type ArmDocument,
  type Body,
  bodiesOf,
  propertiesOf,
  referenceOf,
  stringOf,
  stringsOf,
} from "../../../azure/document";
import type { Arm } from "../../arm/arm";
import { badRequest } from "../../arm/fault";
import { sameId } from "../../arm/resource-id";
import type { Write } from "../../arm/resource-type";

/** The block of a subnet, in either of the forms that a write may have. */
export function blockOf(subnet: Readonly<Record<string, unknown>>): string {
  const properties = propertiesOf(subnet);
  return stringOf(properties, "addressPrefix") ?? stringsOf(properties, "addressPrefixes")[0] ?? "0.0.0.0/32";
}

interface Use {
  /** What uses the subnet. */
  readonly by: string;
  /** At which address, where it has one of its own. */
  readonly address?: string;
}

/** Everything that is in a subnet: network interfaces, endpoints, firewalls, gateways, and apps by their integration. */
export function usesOf(arm: Arm, subnetId: string): Use[] {
  const within = (type: string) =>
    arm.all(type).flatMap((document) =>
      bodiesOf(propertiesOf(document), "ipConfigurations")
        .filter((configuration) => sameId(referenceOf(propertiesOf(configuration), "subnet") ?? "", subnetId))
        .map((configuration) => ({
          by: stringOf(configuration, "id") ?? document.id,
          ...address(stringOf(propertiesOf(configuration), "privateIPAddress")),
        })),
    );
  const integrated = arm
    .all("Microsoft.Web/sites")
    .filter((site) => sameId(stringOf(propertiesOf(site), "virtualNetworkSubnetId") ?? "", subnetId));
  return [
    ...within("Microsoft.Network/networkInterfaces"),
    ...within("Microsoft.Network/azureFirewalls"),
    ...within("Microsoft.Network/virtualNetworkGateways"),
    ...(integrated.length > 0 ? [{ by: `${subnetId}/serviceAssociationLinks/AppServiceLink` }] : []),
  ];
}

/** github.com/hashicorp/terraform-provider-azurerm/issues/28979, github.com/Azure/deployment-stacks/issues/150 */
export function refuseSubnetInUse(arm: Arm, subnet: ArmDocument): void {
  const [use] = usesOf(arm, subnet.id);
  if (!use) return;
  throw badRequest(
    "InUseSubnetCannotBeDeleted",
    `Subnet ${subnet.name} is in use by ${use.by} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
  );
}

/**
 * Checks a static address, or takes the first that is free, from below as Azure does.
 *
 * @throws ArmFault where it is reserved, elsewhere or taken
 */
export function allocate(arm: Arm, subnet: ArmDocument, by: string, wanted?: string): string {
  const block = blockOf(subnet);
  const taken = new Map(
    usesOf(arm, subnet.id)
      .filter((use) => !use.by.toLowerCase().startsWith(by.toLowerCase()))
      .map((use) => [use.address, use.by]),
  );
  if (wanted !== undefined) {
    if (!contains(block, wanted)) {
      throw badRequest(
        "PrivateIPAddressNotInSubnet",
        `Private static IP address ${wanted} does not belong to the range of subnet prefix ${block}.`,
      );
    }
    if (isReserved(block, wanted)) {
      throw badRequest(
        "PrivateIPAddressInReservedRange",
        `Private static IP address ${wanted} falls within reserved IP range of subnet prefix ${block}.`,
      );
    }
    const holder = taken.get(wanted);
    if (holder !== undefined) {
      throw badRequest(
        "PrivateIPAddressInUse",
        `IP configuration of ${by} is using the private IP address ${wanted} which is already allocated to resource ${holder}.`,
      );
    }
    return wanted;
  }
  for (let index = RESERVED_AT_START; ; index += 1) {
    const candidate = addressAt(block, index);
    if (!contains(block, candidate) || isReserved(block, candidate)) {
      throw badRequest(
        "SubnetIsFull",
        `Subnet ${subnet.name} with address prefix ${block} does not have enough capacity.`,
      );
    }
    if (!taken.has(candidate)) return candidate;
  }
}

/**
 * The IP configurations of a resource, each with an id and the first free address of its subnet.
 *
 * @param under the path segment between the resource's id and a configuration's name
 */
export function placed({ arm, path, body }: Pick<Write, "arm" | "path" | "body">, under: string): Body[] {
  return bodiesOf(propertiesOf(body), "ipConfigurations").map((configuration) => {
    const properties = propertiesOf(configuration);
    const subnet = arm.need(referenceOf(properties, "subnet") ?? "", path.id);
    const id = `${path.id}/${under}/${String(configuration.name)}`;
    return { ...configuration, id, properties: { ...properties, privateIPAddress: allocate(arm, subnet, id) } };
  });
}

function isReserved(block: string, address: string): boolean {
  const [first, last] = [new Address4(block).startAddress().bigInt(), new Address4(block).endAddress().bigInt()];
  const at = new Address4(address).bigInt();
  return at < first + BigInt(RESERVED_AT_START) || at > last - BigInt(RESERVED_AT_END);
}

function address(value: string | undefined): { address?: string } {
  return value === undefined ? {} : { address: value };
}
