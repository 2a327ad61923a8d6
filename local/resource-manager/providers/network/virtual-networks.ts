import { contains, overlap } from "../../../../topology/cidr";
import {
  type ArmDocument,
  bodiesOf,
  bodyOf,
  propertiesOf,
  referenceOf,
  stringOf,
  stringsOf,
} from "../../../azure/document";
import type { Arm } from "../../arm/arm";
import { badRequest } from "../../arm/fault";
import { isWithin } from "../../arm/resource-id";
import type { RemovalRule, ResourceType, WriteRule } from "../../arm/resource-type";
import { NETWORK_NAME } from "./naming";
import { blockOf, refuseSubnetInUse } from "./subnet-use";

export const SUBNETS = "Microsoft.Network/virtualNetworks/subnets";
export const PEERINGS = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";

/** The blocks of a virtual network. */
export function addressSpaceOf(vnet: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  return stringsOf(bodyOf(propertiesOf(vnet), "addressSpace"), "addressPrefixes");
}

/** learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering#requirements-and-constraints */
const peersDoNotOverlap: WriteRule = ({ arm, path, body }) => {
  for (const peering of arm.all(PEERINGS).filter(({ id }) => isWithin(id, path.id))) {
    const remote = arm.get(referenceOf(propertiesOf(peering), "remoteVirtualNetwork") ?? "");
    refuseOverlap(path.id, addressSpaceOf(body), remote);
  }
};

export function refuseOverlap(id: string, own: readonly string[], other: ArmDocument | undefined): void {
  const clash = own.find((block) => addressSpaceOf(other).some((theirs) => overlap(block, theirs)));
  if (clash === undefined || !other) return;
  throw badRequest(
    "VnetAddressSpacesOverlap",
    `Cannot create or update peering. Virtual networks ${id} and ${other.id} cannot be peered because their address spaces overlap. Overlapping address prefixes: ${clash}.`,
  );
}

/** Subnets are resources of their own. */
const subnetsOf = (arm: Arm, id: string): readonly ArmDocument[] =>
  arm.all(SUBNETS).filter((subnet) => isWithin(subnet.id, id));

/** A network's own list of subnets is the whole list: what it leaves out is deleted, and what is new would be created. */
const listIsWhole: WriteRule = ({ arm, path, body }) => {
  if (propertiesOf(body).subnets === undefined) return;
  const listed = bodiesOf(propertiesOf(body), "subnets").map((subnet) => stringOf(subnet, "name")?.toLowerCase());
  const existing = subnetsOf(arm, path.id);
  for (const subnet of existing) if (!listed.includes(subnet.name.toLowerCase())) refuseSubnetInUse(arm, subnet);
  const unknown = listed.find((name) => !existing.some((subnet) => subnet.name.toLowerCase() === name));
  if (unknown === undefined) return;
  throw badRequest(
    "NotSupportedLocally",
    `Subnet '${unknown}' is declared inside virtual network '${path.name}': this local Azure takes subnets as resources of their own.`,
  );
};

/** A block can be removed only when no subnet is in it (learn.microsoft.com/azure/virtual-network/manage-virtual-network#change-an-address-range). */
const subnetsStayInside: WriteRule = ({ arm, path, body }) => {
  const space = addressSpaceOf(body);
  const outside = subnetsOf(arm, path.id).find((subnet) => !space.some((block) => contains(block, blockOf(subnet))));
  if (!outside) return;
  throw badRequest(
    "InUsePrefixCannotBeDeleted",
    `IpPrefix of virtual network ${path.id} cannot be deleted because subnet ${outside.name} (${blockOf(outside)}) is in it.`,
  );
};

const noSubnetInUse: RemovalRule = ({ arm, document }) => {
  for (const subnet of subnetsOf(arm, document.id)) refuseSubnetInUse(arm, subnet);
};

/** While a subnet is being put, its network is `Updating`, and what needs the network whole has to wait. */
export function subnetIsPut(arm: Arm, id: string): boolean {
  return [...arm.pending.values()].some((open) => open.type === SUBNETS && isWithin(open.id, id));
}

export const virtualNetworks: ResourceType = {
  type: "Microsoft.Network/virtualNetworks",
  longRunning: true,
  naming: NETWORK_NAME,
  rules: [peersDoNotOverlap, subnetsStayInside, listIsWhole],
  removalRules: [noSubnetInUse],
  stored: ({ body }) => {
    const { subnets: _subnets, virtualNetworkPeerings: _peerings, ...properties } = propertiesOf(body);
    return { ...body, properties };
  },
  written: ({ azure }, { id, ...network }) => {
    azure.networks.put({
      ...azure.networks.get(id),
      id,
      dnsServers: stringsOf(bodyOf(propertiesOf(network), "dhcpOptions"), "dnsServers"),
    });
  },
  removed: ({ azure }, { id }) => {
    azure.networks.remove(id);
  },
  shown: (arm, document) => ({
    ...document,
    properties: {
      ...propertiesOf(document),
      ...(subnetIsPut(arm, document.id) ? { provisioningState: "Updating" } : {}),
      subnets: subnetsOf(arm, document.id),
      virtualNetworkPeerings: arm.all(PEERINGS).filter(({ id }) => isWithin(id, document.id)),
    },
  }),
};
