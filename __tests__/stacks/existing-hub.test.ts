import { join } from "node:path";
import { azureFrom } from "../../local/azure/from-stacks";
import { addressOf } from "../../local/names/resolve";
import { checklistOf } from "../../ops/owners/checklist";
import { snippetOf } from "../../ops/owners/snippet";
import { ownersPartIn } from "../../ops/owners/owners-part";
import { prove } from "../../proof/prove";
import { all, textOf } from "../../synthesized/resources";
import { securityRulesIn } from "../../synthesized/views/security-rule";
import { loadTopology } from "../../topology/load";
import type { Topology } from "../../topology/schema";
import { build } from "../support/build";

const EXAMPLE = join(__dirname, "../../docs/examples/existing-hubs.json");
const topology = loadTopology(EXAMPLE);
const stacks = build(topology);
const network = stacks.filter(({ name }) => name === "network-eastus2");
const part = ownersPartIn(network);
const [task] = part.hubs;
if (!task) throw new Error("The example has no existing hub.");

/** The example with another declaration of its first hub. */
function declared(change: (hub: NonNullable<Topology["stamps"][0]["regions"][0]["existingHub"]>) => object): Topology {
  const [stamp] = topology.stamps;
  if (!stamp) throw new Error("The example has no stamp.");
  const regions = stamp.regions.map((region, index) =>
    index === 0 && region.existingHub
      ? { ...region, existingHub: { ...region.existingHub, ...change(region.existingHub) } }
      : region,
  );
  return { ...topology, stamps: [{ ...stamp, regions }] };
}

test("nothing of the hub is made", () => {
  expect(
    all(stacks, "azurerm_firewall", "azurerm_firewall_policy", "azurerm_linux_virtual_machine", "azurerm_public_ip"),
  ).toEqual([]);
  expect(all(network, "azurerm_virtual_network").map((vnet) => textOf(vnet, "name"))).toEqual(["spoke-vnet"]);
  expect(all(network, "azurerm_private_dns_zone_virtual_network_link")).toEqual([]);
});

test("the spoke leads to it: peering, route and DNS servers", () => {
  const [peering, another] = all(network, "azurerm_virtual_network_peering");
  expect(another).toBeUndefined();
  expect(peering && textOf(peering, "remote_virtual_network_id")).toBe(task.hub.networkId);
  const [table] = all(network, "azurerm_route_table");
  expect(table?.block.route).toEqual([
    expect.objectContaining({ address_prefix: "0.0.0.0/0", next_hop_in_ip_address: "10.100.1.4" }),
  ]);
  expect(all(network, "azurerm_virtual_network")[0]?.block.dns_servers).toEqual(["10.100.2.4", "10.100.2.5"]);
});

test("NSGs let the apps ask its DNS servers, and no rule of the design is broken", () => {
  const dns = securityRulesIn(network).filter(
    ({ name, group }) => group.startsWith("integration-subnet") && name.startsWith("to-hub-dns"),
  );
  expect(dns.map(({ destinations, protocol }) => [destinations, protocol])).toEqual([
    [["10.100.2.4/32", "10.100.2.5/32"], "Udp"],
    [["10.100.2.4/32", "10.100.2.5/32"], "Tcp"],
  ]);
  expect(prove(stacks)).toEqual([]);
});

describe("its owner's part", () => {
  const checklist = checklistOf(part);

  test("has every host of every flow, with its reason", () => {
    for (const host of ["*.in.applicationinsights.azure.com", "cdn.functions.azure.com", "management.azure.com"]) {
      expect(checklist).toContain(host);
    }
    expect(checklist).toContain("The publisher signs in to Entra.");
  });

  test("is ticked where the topology declares it as done", () => {
    expect(checklist).toMatch(/^\[x\] Let the DNS servers 10\.100\.2\.4 and 10\.100\.2\.5 answer 10\.1\.1\.0\/24/m);
    expect(checklist).toMatch(/^\[x\] Let through 10\.1\.1\.0\/24 to \*\.in\.applicationinsights/m);
    expect(checklist).toMatch(/^\[ \] Let through 10\.1\.2\.128\/28 to login\.microsoftonline\.com, TCP 443/m);
    expect(checklist).toMatch(/^\[ \] Peer the hub with the spoke/m);
  });

  test("is Terraform with the subscription of each resource", () => {
    const snippet = snippetOf(part);
    expect(snippet).toContain(
      "provider                     = azurerm.subscription_11111111_2222_3333_4444_555555555555",
    );
    expect(snippet.match(/^resource "azurerm_private_dns_zone_virtual_network_link"/gm)).toHaveLength(5);
    expect(snippet).toContain('remote_virtual_network_id    = "' + task.hub.spokeId + '"');
  });
});

describe("locally the hub behaves as declared", () => {
  const spoke = task.hub.spokeId;
  const NAMESPACE = "lockdown-pc-eastus2.servicebus.windows.net";

  test("its DNS servers answer a range that they serve", () => {
    expect(addressOf(azureFrom(stacks), spoke, NAMESPACE)).toBe("10.1.2.240");
  });

  test("and no other", () => {
    const azure = azureFrom(build(declared(({ dns }) => ({ dns: { ...dns, serves: ["10.9.0.0/16"] } }))));
    expect(addressOf(azure, spoke, NAMESPACE)).toBeUndefined();
  });

  test("without its owner's links no private name resolves", () => {
    const azure = azureFrom(stacks);
    for (const link of azure.zoneLinks.all()) azure.zoneLinks.remove(link.id);
    expect(addressOf(azure, spoke, NAMESPACE)).toBeUndefined();
  });
});
