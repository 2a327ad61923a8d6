import { modelFrom } from "../../proof/network/from-stacks";
import { resolves } from "../../proof/reach/names";
import { aliasesOf, failedOver } from "../../proof/reach/public-dns";
import { Reach } from "../../proof/reach/reach";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { build } from "../support/build";
import { edited, withResource } from "../support/edits";

const ALIAS = "lockdown-pc.servicebus.windows.net";
const APP = "app lockdown-pc-producer-eastus2";

function answer(stacks: readonly SynthesizedStack[], name: string, from = APP, isFailedOver = false) {
  const reach = new Reach(modelFrom(stacks));
  const aliases = isFailedOver ? failedOver(reach.lookup) : aliasesOf(reach.lookup);
  return resolves(name, reach.place(from), aliases, reach).answer;
}

const script = (from: string | RegExp, to: string) => (stacks: readonly SynthesizedStack[]) =>
  ["configure-1", "configure-2"].reduce<readonly SynthesizedStack[]>(
    (all, name) =>
      edited(all, ["network-eastus2", "azurerm_virtual_machine_run_command", name], (command) => {
        const text = String(command.get("source.script"));
        const changed = text.replace(from, to);
        expect(changed).not.toBe(text);
        command.set("source.script", changed);
      }),
    stacks,
  );

test("an alias leads to the primary's endpoint in the own spoke, and to the other one's after a failover", () => {
  expect(answer(build(), ALIAS)).toMatchObject({ kind: "private", addresses: ["10.1.2.240"] });
  expect(answer(build(), ALIAS, APP, true)).toMatchObject({ kind: "private", addresses: ["10.1.2.241"] });
  expect(answer(build(), ALIAS, "app lockdown-pc-producer-centralus", true)).toMatchObject({
    addresses: ["10.3.2.240"],
  });
});

test.each([
  ["a site", "lockdown-pc-consumer-eastus2.azurewebsites.net", "10.1.2.246", "machine dns-forwarder-1-nic (eastus2)"],
  ["its SCM host", "lockdown-pc-consumer-eastus2.scm.azurewebsites.net", "10.1.2.246", APP],
  ["storage", "lockdownpceastus2.blob.core.windows.net", "10.1.2.242", APP],
])("%s leads to its endpoint", (_, name, address, from) => {
  const place = from.startsWith("machine") ? "eastus2/hub-vnet/DNSSubnet" : from;
  expect(answer(build(), name, place)).toMatchObject({ kind: "private", addresses: [address] });
});

test.each([
  [
    "a name that the forwarders do not list",
    (stacks: readonly SynthesizedStack[]) => stacks,
    "www.example.com",
    "nothing",
    /is not listed: NXDOMAIN/,
  ],
  ["DNSSEC validation", script("dnssec-validation no", "dnssec-validation auto"), ALIAS, "nothing", /SERVFAIL/],
  [
    "a forwarder that asks elsewhere",
    script("forwarders { 168.63.129.16; }", "forwarders { 9.9.9.9; }"),
    ALIAS,
    "unknown",
    /asks 9\.9\.9\.9/,
  ],
  [
    "a forwarder without a configuration",
    script("<< 'NAMED_CONF'", "<< 'OTHER'"),
    ALIAS,
    "nothing",
    /no server answers/,
  ],
  [
    "an alias with a zone of its name",
    (stacks: readonly SynthesizedStack[]) => wholeZone(stacks),
    ALIAS,
    "nothing",
    /has no record of lockdown-pc\.servicebus/,
  ],
])("%s", (_, mistake, name, kind, why) => {
  const found = answer(mistake(build()), name);
  expect(found.kind).toBe(kind);
  expect(found).toMatchObject({ why: expect.stringMatching(why) as string });
});

/** A zone of the public suffix, linked to the hub: it hides the alias. */
function wholeZone(stacks: readonly SynthesizedStack[]): SynthesizedStack[] {
  const group = "${azurerm_resource_group.resource-group.name}";
  const zoned = withResource(stacks, ["network-eastus2", "azurerm_private_dns_zone", "whole"], {
    name: "servicebus.windows.net",
    resource_group_name: group,
  });
  return withResource(zoned, ["network-eastus2", "azurerm_private_dns_zone_virtual_network_link", "whole-link"], {
    name: "whole",
    resource_group_name: group,
    private_dns_zone_name: "${azurerm_private_dns_zone.whole.name}",
    virtual_network_id: "${azurerm_virtual_network.hub_vnet_858991EC.id}",
  });
}

test("two endpoints of one name in one zone: which address stays is not known", () => {
  const zone =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/network-eastus2-rg/providers/Microsoft.Network/privateDnsZones/privatelink.servicebus.windows.net";
  const stacks = edited(build(), ["geo-pair", "azurerm_private_endpoint", "CentraltoEast"], (endpoint) => {
    endpoint.set("private_dns_zone_group", { name: "zone", private_dns_zone_ids: [zone] });
  });
  expect(answer(stacks, "lockdown-pc-eastus2.servicebus.windows.net")).toMatchObject({
    kind: "unknown",
    why: expect.stringContaining("write one record") as string,
  });
});

test("a storage account of other people is found by its public name, because its zone's link redirects", () => {
  const listed = script(/^(\S+ CNAME rpz-passthru\.)$/m, "$1\nelsewhere.blob.core.windows.net CNAME rpz-passthru.");
  expect(answer(listed(build()), "elsewhere.blob.core.windows.net")).toMatchObject({ kind: "public" });
});
