import { azureFrom } from "../../local/azure/from-stacks";
import { Ways } from "../../local/names/ways";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { build } from "../support/build";
import { edited, withoutResource, zoneLinkedToTheSpoke } from "../support/edits";

const PRODUCER = "lockdown-pc-producer-eastus2";
const CONSUMER = "lockdown-pc-consumer-eastus2";

function ways(stacks: readonly SynthesizedStack[]): Ways {
  return new Ways(stacks, azureFrom(stacks));
}

/** What apps of the region need and do not reach: the app, the host, and what decides. */
function closed(stacks: readonly SynthesizedStack[]): string[] {
  return ways(stacks)
    .needed()
    .filter(({ verdict, app }) => verdict !== "reaches" && app.endsWith("eastus2"))
    .map(({ app, host, verdict, steps }) => `${app} ${host} ${verdict}: ${steps.at(-1)?.why ?? ""}`);
}

test("every way that the apps need is open in the stacks as they are", () => {
  const needed = ways(build()).needed();
  expect(needed.map(({ verdict }) => verdict)).toEqual(needed.map(() => "reaches"));
  expect(new Set(needed.map(({ app }) => app)).size).toBe(4);
});

test.each([
  [
    "a zone that is linked to the spoke",
    zoneLinkedToTheSpoke,
    [PRODUCER, CONSUMER],
    /denies it at priority 4096|no rule of the firewall/,
  ],
  [
    "a partner's record that is missing",
    (stacks: readonly SynthesizedStack[]) =>
      edited(stacks, ["geo-pair", "azurerm_private_endpoint", "EasttoEast"], (endpoint) => {
        endpoint.remove("private_dns_zone_group");
      }),
    [PRODUCER, CONSUMER],
    /has no record of lockdown-pc-eastus2\.privatelink\.servicebus\.windows\.net: NXDOMAIN/,
  ],
  [
    "a forwarder that refuses the spoke",
    (stacks: readonly SynthesizedStack[]) =>
      ["configure-1", "configure-2"].reduce<readonly SynthesizedStack[]>(
        (all, name) =>
          edited(all, ["network-eastus2", "azurerm_virtual_machine_run_command", name], (command) => {
            command.set("source.script", String(command.get("source.script")).replace("  10.1.0.0/16;\n", ""));
          }),
        stacks,
      ),
    [PRODUCER, CONSUMER],
    /not among its clients/,
  ],
  [
    "a peering that is lost",
    (stacks: readonly SynthesizedStack[]) =>
      withoutResource(stacks, ["network-eastus2", "azurerm_virtual_network_peering", "hubtospoke"]),
    [PRODUCER, CONSUMER],
    /not reached on port 53/,
  ],
  [
    "a host of telemetry that the firewall does not allow",
    (stacks: readonly SynthesizedStack[]) =>
      edited(stacks, ["network-eastus2", "azurerm_firewall_policy_rule_collection_group"], (group) => {
        group.set("application_rule_collection.0.rule.0.destination_fqdns", ["dc.services.visualstudio.com"]);
      }),
    [PRODUCER, CONSUMER],
    /no rule of the firewall allows it/,
  ],
])("%s is found by the run, with its trace", (_, mistake, apps, why) => {
  const found = closed(mistake(build()));
  expect(found.length).toBeGreaterThan(0);
  expect(new Set(found.map((line) => line.split(" ")[0]))).toEqual(new Set(apps));
  expect(found.join("\n")).toMatch(why);
});

test("a failover moves the alias for every app, and what names it leads to the other endpoint", () => {
  const stacks = build();
  const azure = azureFrom(stacks);
  const after = new Ways(stacks, azure);
  const producer = azure.apps.all().find(({ name }) => name === PRODUCER)?.id ?? "";
  const alias = "lockdown-pc.servicebus.windows.net";
  expect(after.answer(producer, alias)).toMatchObject({ kind: "private", addresses: ["10.1.2.240"] });
  azure.failOver("lockdown-pc");
  expect(after.answer(producer, alias)).toMatchObject({ kind: "private", addresses: ["10.1.2.241"] });
});
