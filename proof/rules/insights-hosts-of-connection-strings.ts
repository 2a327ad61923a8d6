import { nameIn } from "../../azure-facts/arm-ids";
import { matchesHost } from "../../azure-facts/service-tag-hosts";
import { MONITOR_ZONES } from "../../azure-facts/private-monitoring";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { all, placeOf, textOf } from "../../synthesized/resources";
import { existingZonesIn } from "../../synthesized/views/existing-zones";
import { firewallRulesIn } from "../../synthesized/views/firewall-rule";
import type { ProofRule } from "../proof-rule";

const HOSTS = [
  "*.in.applicationinsights.azure.com",
  "*.livediagnostics.monitor.azure.com",
  "live.applicationinsights.azure.com",
];

export const insightsHostsOfConnectionStrings: ProofRule = {
  name: "insights-hosts-of-connection-strings",
  why: "Connection strings name other hosts than the legacy ones: where the firewall allows the legacy hosts alone, no telemetry arrives, and no error shows it. With a private link, a host that is allowed all the same is a way out past it.",
  check: (stacks) =>
    stacks
      .filter((stack) => all([stack], "azurerm_firewall").length > 0)
      .flatMap((stack) => {
        const allowed = new Set(
          firewallRulesIn([stack])
            .filter(({ action }) => action === "Allow")
            .flatMap(({ hosts }) => hosts),
        );
        const isPrivate = hasPrivateMonitoring(stack);
        const [firewall] = all([stack], "azurerm_firewall");
        const place = firewall ? placeOf(firewall) : stack.name;
        const isAllowed = (host: string) => [...allowed].some((pattern) => matchesHost(pattern, host));
        return HOSTS.filter((host) => isAllowed(host) === isPrivate).map((host) =>
          isPrivate ? `${place} allows ${host}, and telemetry has a private link` : `${place} does not allow ${host}`,
        );
      }),
};

/** Whether the region's zones have the names of Azure Monitor's private link. */
function hasPrivateMonitoring(stack: SynthesizedStack): boolean {
  const zones = [
    ...all([stack], "azurerm_private_dns_zone").map((zone) => textOf(zone, "name")),
    ...existingZonesIn([stack]).flatMap(({ zoneIds }) => zoneIds.map(nameIn)),
  ];
  return zones.includes(MONITOR_ZONES.monitor);
}
