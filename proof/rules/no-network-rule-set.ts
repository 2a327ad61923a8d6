import { all, blocks, placeOf } from "../../synthesized/resources";
import type { ProofRule } from "../proof-rule";

export const noNetworkRuleSet: ProofRule = {
  name: "no-network-rule-set",
  why: 'Azure refuses default_action = "Deny" without an address or subnet rule; closed public access needs neither.',
  check: (stacks) =>
    all(stacks, "azurerm_servicebus_namespace").flatMap((namespace) => [
      ...(blocks(namespace.block, "network_rule_set").length > 0
        ? [`${placeOf(namespace)} has a network_rule_set`]
        : []),
      ...(namespace.block.public_network_access_enabled === false ? [] : [`${placeOf(namespace)} has public access`]),
    ]),
};
