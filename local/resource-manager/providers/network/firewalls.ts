import { nameIn } from "../../../../azure-facts/arm-ids";
import { bodiesOf, bodyOf, propertiesOf, referenceOf, stringOf } from "../../../azure/document";
import { badRequest } from "../../arm/fault";
import { isWithin, sameId } from "../../arm/resource-id";
import type { ResourceType, WriteRule, Write } from "../../arm/resource-type";
import { NETWORK_NAME } from "./naming";
import { placed } from "./subnet-use";
import { unlessUsedBy } from "./used-by";

const FIREWALLS = "Microsoft.Network/azureFirewalls";
const RULE_GROUPS = "Microsoft.Network/firewallPolicies/ruleCollectionGroups";

const configurationsOf = (body: Write["body"]) => bodiesOf(propertiesOf(body), "ipConfigurations");

/** learn.microsoft.com/azure/firewall/firewall-faq: it is in a subnet of this name, and nowhere else. */
const inItsSubnet: WriteRule = ({ arm, path, body }) => {
  for (const configuration of configurationsOf(body)) {
    const subnet = referenceOf(propertiesOf(configuration), "subnet") ?? "";
    arm.need(subnet, path.id);
    if (nameIn(subnet).toLowerCase() !== "azurefirewallsubnet") {
      throw badRequest(
        "AzureFirewallInvalidSubnetName",
        `Subnet ${subnet} cannot be used by firewall ${path.name}: its name must be AzureFirewallSubnet.`,
      );
    }
    const address = arm.need(referenceOf(propertiesOf(configuration), "publicIPAddress") ?? "", path.id);
    if ((address.sku as { name?: string } | undefined)?.name === "Standard") continue;
    throw badRequest(
      "AzureFirewallPublicIPNotStandard",
      `Public IP address ${address.id} of firewall ${path.name} must be of the Standard sku.`,
    );
  }
};

const policyExists: WriteRule = ({ arm, path, body }) => {
  const policy = referenceOf(propertiesOf(body), "firewallPolicy");
  if (policy !== undefined) arm.need(policy, path.id);
};

/** A policy serves firewalls of its own tier and below (learn.microsoft.com/azure/firewall-manager/policy-overview). */
const TIERS: readonly (string | undefined)[] = ["Basic", "Standard", "Premium"];

const policyOfItsTier: WriteRule = ({ arm, body }) => {
  const policy = arm.get(referenceOf(propertiesOf(body), "firewallPolicy") ?? "");
  const tier = stringOf(bodyOf(propertiesOf(body), "sku"), "tier");
  const policyTier = stringOf(bodyOf(propertiesOf(policy), "sku"), "tier");
  if (!policy || TIERS.indexOf(policyTier) <= TIERS.indexOf(tier)) return;
  throw badRequest(
    "AzureFirewallPolicyTierMismatch",
    `A firewall of tier ${String(tier)} cannot use policy ${policy.id} of tier ${String(policyTier)}.`,
  );
};

export const azureFirewalls: ResourceType = {
  type: FIREWALLS,
  longRunning: true,
  naming: NETWORK_NAME,
  rules: [inItsSubnet, policyExists, policyOfItsTier],
  // It is alone in its subnet, and has the first address.
  stored: (write) => ({
    ...write.body,
    properties: { ...propertiesOf(write.body), ipConfigurations: placed(write, "azureFirewallIpConfigurations") },
  }),
};

export const firewallPolicies: ResourceType = {
  type: "Microsoft.Network/firewallPolicies",
  longRunning: true,
  naming: NETWORK_NAME,
  removalRules: [unlessUsedBy("FirewallPolicyInUse", FIREWALLS)],
  shown: (arm, document) => ({
    ...document,
    properties: {
      ...propertiesOf(document),
      ruleCollectionGroups: arm
        .all(RULE_GROUPS)
        .filter(({ id }) => isWithin(id, document.id))
        .map(({ id }) => ({ id })),
      firewalls: arm
        .all(FIREWALLS)
        .filter((firewall) => sameId(referenceOf(propertiesOf(firewall), "firewallPolicy") ?? "", document.id))
        .map(({ id }) => ({ id })),
    },
  }),
};

/** learn.microsoft.com/azure/firewall/rule-processing: what has no order cannot be applied. */
const prioritiesAreApart: WriteRule = ({ arm, path, body }) => {
  const { priority } = propertiesOf(body);
  if (typeof priority !== "number" || priority < 100 || priority > 65_000) {
    throw badRequest(
      "FirewallPolicyRuleCollectionGroupInvalidPriority",
      `WriteRule collection group ${path.name} has invalid priority ${String(priority)}. Value must be between 100 and 65000.`,
    );
  }
  const other = arm
    .all(RULE_GROUPS)
    .find(
      (group) =>
        isWithin(group.id, path.parent) && !sameId(group.id, path.id) && propertiesOf(group).priority === priority,
    );
  if (!other) return;
  throw badRequest(
    "FirewallPolicyRuleCollectionGroupPriorityConflict",
    `WriteRule collection group ${path.name} has priority ${priority}, which ${other.name} has already.`,
  );
};

const collectionsAreApart: WriteRule = ({ path, body }) => {
  const names = bodiesOf(propertiesOf(body), "ruleCollections").map(({ name }) => String(name).toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw badRequest(
    "FirewallPolicyRuleCollectionDuplicateName",
    `WriteRule collection group ${path.name} has two rule collections with the same name (${twice}).`,
  );
};

export const ruleCollectionGroups: ResourceType = {
  type: RULE_GROUPS,
  longRunning: true,
  rules: [prioritiesAreApart, collectionsAreApart],
};
