import { all, blocks, strings } from "../../synthesized/resources";
import type { Rule } from "../rule";

const LEGACY = ["dc.services.visualstudio.com", "rt.services.visualstudio.com"];
const CURRENT = [
  "*.in.applicationinsights.azure.com",
  "*.livediagnostics.monitor.azure.com",
  "live.applicationinsights.azure.com",
];

export const insightsHostsOfBothGenerations: Rule = {
  name: "insights-hosts-of-both-generations",
  why: "Connection strings name other hosts than the ones of old: with the legacy ones alone, telemetry silently stays away.",
  check: (stacks) =>
    stacks
      .filter((stack) => all([stack], "azurerm_firewall").length > 0)
      .flatMap((stack) => {
        const allowed = new Set(
          all([stack], "azurerm_firewall_policy_rule_collection_group")
            .flatMap(({ block }) => blocks(block, "application_rule_collection"))
            .filter(({ action }) => action === "Allow")
            .flatMap((collection) => blocks(collection, "rule"))
            .flatMap((rule) => strings(rule, "destination_fqdns")),
        );
        return [...CURRENT, ...LEGACY]
          .filter((host) => !allowed.has(host))
          .map((host) => `${stack.name}: the firewall does not let ${host} pass`);
      }),
};
