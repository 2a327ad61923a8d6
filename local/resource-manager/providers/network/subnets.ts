import { nameIn } from "../../../../azure-facts/arm-ids";
import { contains, overlap, prefixLength } from "../../../../topology/cidr";
import { bodiesOf, propertiesOf, referenceOf, stringOf } from "../../../azure/document";
import { badRequest } from "../../arm/fault";
import { isWithin, sameId } from "../../arm/resource-id";
import type { ResourceType, WriteRule } from "../../arm/resource-type";
import { NETWORK_NAME } from "./naming";
import { blockOf, refuseSubnetInUse, usesOf } from "./subnet-use";
import { addressSpaceOf, SUBNETS } from "./virtual-networks";

const insideItsNetwork: WriteRule = ({ arm, path, body }) => {
  const space = addressSpaceOf(arm.get(path.parent));
  if (space.some((block) => contains(block, blockOf(body)))) return;
  throw badRequest(
    "NetcfgSubnetRangeOutsideVnet",
    `Subnet '${path.name}' is not valid because its IP address range is outside the IP address range of virtual network '${nameIn(path.parent)}'.`,
  );
};

const apartFromOthers: WriteRule = ({ arm, path, body }) => {
  const others = arm.all(SUBNETS).filter(({ id }) => isWithin(id, path.parent) && !sameId(id, path.id));
  if (!others.some((other) => overlap(blockOf(other), blockOf(body)))) return;
  throw badRequest(
    "NetcfgSubnetRangesOverlap",
    `Subnet '${path.name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${nameIn(path.parent)}'.`,
  );
};

/** Subnets of a given name have a smallest size; others end at /29 (learn.microsoft.com/azure/virtual-network/virtual-networks-faq). */
const LARGEST_PREFIX: Readonly<Record<string, number>> = { azurefirewallsubnet: 26, gatewaysubnet: 29 };

const largeEnough: WriteRule = ({ path, body }) => {
  const largest = LARGEST_PREFIX[path.name.toLowerCase()] ?? 29;
  if (prefixLength(blockOf(body)) <= largest) return;
  throw badRequest(
    "NetcfgInvalidSubnet",
    `Subnet '${path.name}' is not valid in virtual network '${nameIn(path.parent)}': its address prefix ${blockOf(body)} must be /${largest} or larger.`,
  );
};

/** learn.microsoft.com/azure/firewall/firewall-faq: no NSG on AzureFirewallSubnet. */
const noGroupOnTheFirewall: WriteRule = ({ path, body }) => {
  const group = referenceOf(propertiesOf(body), "networkSecurityGroup");
  if (group === undefined || path.name.toLowerCase() !== "azurefirewallsubnet") return;
  throw badRequest(
    "SubnetWithNsgNotAllowed",
    `Network security group ${group} cannot be associated with AzureFirewallSubnet.`,
  );
};

const referencesExist: WriteRule = ({ arm, path, body }) => {
  for (const key of ["networkSecurityGroup", "routeTable"]) {
    const id = referenceOf(propertiesOf(body), key);
    if (id !== undefined) arm.need(id, path.id);
  }
};

/** A delegation stays as long as an app is integrated (learn.microsoft.com/azure/app-service/overview-vnet-integration). */
const delegationStays: WriteRule = ({ arm, path, body, before }) => {
  const serves = (subnet: typeof body) =>
    bodiesOf(propertiesOf(subnet), "delegations").some(
      (delegation) => stringOf(propertiesOf(delegation), "serviceName")?.toLowerCase() === "microsoft.web/serverfarms",
    );
  if (!before || !serves(before) || serves(body)) return;
  const link = usesOf(arm, path.id).find(({ by }) => by.includes("/serviceAssociationLinks/"));
  if (!link) return;
  throw badRequest(
    "SubnetMissingRequiredDelegation",
    `Subnet ${path.id} requires any of the following delegation(s) [Microsoft.Web/serverFarms] to reference service association link ${link.by}.`,
  );
};

export const subnets: ResourceType = {
  type: SUBNETS,
  longRunning: true,
  naming: NETWORK_NAME,
  rules: [insideItsNetwork, apartFromOthers, largeEnough, noGroupOnTheFirewall, referencesExist, delegationStays],
  removalRules: [
    ({ arm, document }) => {
      refuseSubnetInUse(arm, document);
    },
  ],
};
