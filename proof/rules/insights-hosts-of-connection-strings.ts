import { all } from "../../synthesized/resources";
import { firewallRulesIn } from "../../synthesized/views/firewall-rule";
import type { ProofRule } from "../proof-rule";

const HOSTS = [
  "*.in.applicationinsights.azure.com",
  "*.livediagnostics.monitor.azure.com",
  "live.applicationinsights.azure.com",
];

export const insightsHostsOfConnectionStrings: ProofRule = {
  name: "insights-hosts-of-connection-strings",
  why: "Connection strings name other hosts than the legacy ones: where the firewall allows the legacy hosts alone, no telemetry arrives, and no error shows it.",
  check: (stacks) =>
    stacks
      .filter((stack) => all([stack], "azurerm_firewall").length > 0)
      .flatMap((stack) => {
        const allowed = new Set(
          firewallRulesIn([stack])
            .filter(({ action }) => action === "Allow")
            .flatMap(({ hosts }) => hosts),
        );
        return HOSTS.filter((host) => !allowed.has(host)).map(
          (host) => `${stack.name}: the firewall does not allow ${host}`,
        );
      }),
};
