import { all, blocks, placeOf } from "../../synthesized/resources";
import type { ProofRule } from "../proof-rule";

export const onePolicyOneGroup: ProofRule = {
  name: "one-policy-one-group",
  why: "Azure refuses two collections with one priority, and classic rules beside a policy. With several groups, the rules of one group can hide those of another.",
  check: (stacks) => [
    ...stacks.flatMap((stack) =>
      (["azurerm_firewall_policy", "azurerm_firewall_policy_rule_collection_group"] as const)
        .map((type) => ({ type, count: all([stack], type).length }))
        .filter(({ count }) => count > 1)
        .map(({ type, count }) => `${stack.name} has ${count} of ${type}`),
    ),
    ...all(
      stacks,
      "azurerm_firewall_application_rule_collection",
      "azurerm_firewall_network_rule_collection",
      "azurerm_firewall_nat_rule_collection",
    ).map((classic) => `${placeOf(classic)} is a classic rule`),
    ...all(stacks, "azurerm_firewall_policy_rule_collection_group").flatMap((group) => {
      const priorities = ["application_rule_collection", "network_rule_collection", "nat_rule_collection"].flatMap(
        (kind) => blocks(group.block, kind).map(({ priority }) => priority),
      );
      return new Set(priorities).size === priorities.length
        ? []
        : [`${placeOf(group)} has two collections of one priority`];
    }),
  ],
};
