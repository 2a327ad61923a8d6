import {
  DEFAULT_RULES,
  type DefaultRule,
  FIRST_PRIORITY,
  LAST_PRIORITY,
} from "../../../../azure-facts/security-groups";
import { overlap } from "../../../../topology/cidr";
import { bodiesOf, propertiesOf } from "../../../azure/document";
import { badRequest } from "../../arm/fault";
import type { ResourceType, WriteRule } from "../../arm/resource-type";
import { NETWORK_NAME } from "./naming";
import { unlessUsedBy } from "./used-by";
import { SUBNETS } from "./virtual-networks";

/** learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules */
const prioritiesAreApart: WriteRule = ({ body }) => {
  const taken = new Map<string, string>();
  for (const rule of bodiesOf(propertiesOf(body), "securityRules")) {
    const { priority, direction } = propertiesOf(rule);
    const name = String(rule.name);
    if (typeof priority !== "number" || priority < FIRST_PRIORITY || priority > LAST_PRIORITY) {
      throw badRequest(
        "SecurityRuleInvalidPriority",
        `Security rule ${name} has invalid priority ${String(priority)}. Value must be between ${FIRST_PRIORITY} and ${LAST_PRIORITY}.`,
      );
    }
    const other = taken.get(`${String(direction)} ${priority}`);
    if (other !== undefined) {
      throw badRequest(
        "SecurityRuleConflict",
        `Security rule ${name} conflicts with rule ${other}. Rules cannot have the same Priority and Direction.`,
      );
    }
    taken.set(`${String(direction)} ${priority}`, name);
  }
};

/** A rule's prefixes do not overlap; service tags are compared as they are (cloud-provider-azure#6775). */
const prefixesAreApart: WriteRule = ({ body }) => {
  for (const rule of bodiesOf(propertiesOf(body), "securityRules")) {
    for (const key of ["sourceAddressPrefixes", "destinationAddressPrefixes"]) {
      const given = propertiesOf(rule)[key];
      const prefixes = Array.isArray(given) ? given.map(String) : [];
      const [wrong] = prefixes.flatMap((prefix, index) => {
        const other = prefixes.slice(0, index).find((each) => meet(each, prefix));
        return other === undefined ? [] : [{ prefix, other }];
      });
      if (!wrong) continue;
      throw badRequest(
        "OverlappingSubnetsNotPermittedInSecurityRule",
        `Security rule parameter ${key.charAt(0).toUpperCase()}${key.slice(1)} for rule ${String(rule.name)} has the overlapping subnets ${wrong.other} and ${wrong.prefix}.`,
      );
    }
  }
};

function meet(one: string, other: string): boolean {
  const areRanges = [one, other].every((prefix) => /^[\d.]+(\/\d+)?$/.test(prefix));
  return areRanges ? overlap(one, other) : one.toLowerCase() === other.toLowerCase();
}

const namesAreApart: WriteRule = ({ body }) => {
  const names = bodiesOf(propertiesOf(body), "securityRules").map(({ name }) => String(name).toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw badRequest("DuplicateResourceName", `Resource securityRules has two children with the same name (${twice}).`);
};

function shown({ name, source, destination, ...rest }: DefaultRule) {
  return {
    name,
    properties: {
      ...rest,
      protocol: "*",
      sourceAddressPrefix: source,
      sourcePortRange: "*",
      destinationAddressPrefix: destination,
      destinationPortRange: "*",
    },
  };
}

export const networkSecurityGroups: ResourceType = {
  type: "Microsoft.Network/networkSecurityGroups",
  longRunning: true,
  naming: NETWORK_NAME,
  rules: [namesAreApart, prioritiesAreApart, prefixesAreApart],
  stored: ({ body }) => ({
    ...body,
    properties: { ...propertiesOf(body), defaultSecurityRules: DEFAULT_RULES.map(shown) },
  }),
  removalRules: [unlessUsedBy("InUseNetworkSecurityGroupCannotBeDeleted", SUBNETS)],
};
