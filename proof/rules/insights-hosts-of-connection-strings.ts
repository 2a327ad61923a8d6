import { all, blocks, strings } from "../../synthesized/resources";
import type { Rule } from "../rule";

const HOSTS = [
  "*.in.applicationinsights.azure.com",
  "*.livediagnostics.monitor.azure.com",
  "live.applicationinsights.azure.com",
];

export const insightsHostsOfConnectionStrings: Rule = {
  name: "insights-hosts-of-connection-strings",
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
        return HOSTS.filter((host) => !allowed.has(host)).map(
          (host) => `${stack.name}: the firewall does not let ${host} pass`,
        );
      }),
};
