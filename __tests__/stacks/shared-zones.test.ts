import { join } from "node:path";
import { azureFrom } from "../../local/azure/from-stacks";
import { stampsIn } from "../../local/azure/deployed-stamp";
import { endpointsReachedFrom } from "../../local/azure/peers";
import { addressOf } from "../../local/names/resolve";
import { checklistOf } from "../../ops/owners/checklist";
import { ownersPartIn } from "../../ops/owners/owners-part";
import { snippetOf } from "../../ops/owners/snippet";
import { prove } from "../../proof/prove";
import { all } from "../../synthesized/resources";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { securityRulesIn } from "../../synthesized/views/security-rule";
import { loadTopology } from "../../topology/load";
import type { Topology } from "../../topology/schema";
import { build } from "../support/build";

const topology = loadTopology(join(__dirname, "../../docs/examples/shared-zones.json"));
const stacks = build(topology);
const GROUP = "/subscriptions/22222222-3333-4444-5555-666666666666/resourcegroups/private-dns-rg";
const [EAST, CENTRAL] = ["lockdown-pc-eastus2", "lockdown-pc-centralus"].map(
  (name) => `${name}.servicebus.windows.net`,
) as [string, string];
const ALIAS = "lockdown-pc.servicebus.windows.net";

function spokeOf(region: string): string {
  const { networkIds } = stampsIn(azureFrom(stacks))[0] ?? {};
  return [...(networkIds ?? [])].find((id) => id.includes(`network-${region}-rg`)) ?? "";
}

/** The example, with other declarations of what the first hub routes to. */
function routedTo(routesTo: readonly string[]): Topology {
  const stamps = topology.stamps.map((stamp) => ({
    ...stamp,
    regions: stamp.regions.map((region, index) =>
      index === 0 && region.existingHub
        ? { ...region, existingHub: { ...region.existingHub, routesTo: [...routesTo] } }
        : region,
    ),
  }));
  return { ...topology, stamps };
}

test("no zone is made, and every endpoint writes its record into those that exist", () => {
  expect(all(stacks, "azurerm_private_dns_zone", "azurerm_private_dns_zone_virtual_network_link")).toEqual([]);
  const zones = privateEndpointsIn(stacks).flatMap(({ zoneIds }) => zoneIds);
  expect(zones.length).toBeGreaterThan(10);
  for (const zone of zones) expect(zone.startsWith(`${GROUP}/providers/microsoft.network/privatednszones/`)).toBe(true);
});

test("each namespace has one endpoint, in its own region's spoke: its name has one record", () => {
  const namespaces = privateEndpointsIn(stacks).filter(({ subresource }) => subresource === "namespace");
  expect(namespaces.map(({ name, address }) => [name, address])).toEqual([
    ["CentraltoCentral", "10.3.2.240"],
    ["EasttoEast", "10.1.2.240"],
  ]);
  expect(prove(stacks)).toEqual([]);
});

test("producers of each region may send to the other region's namespace, and NSGs at both ends say so", () => {
  const rules = securityRulesIn(stacks).filter(({ name }) => /service-bus-centralus|producers-in-centralus/.test(name));
  expect(
    rules.map(({ name, direction, sources, destinations }) => ({ name, direction, sources, destinations })),
  ).toEqual(
    expect.arrayContaining([
      {
        name: "to-service-bus-centralus-amqps",
        direction: "Outbound",
        sources: ["10.1.1.0/24"],
        destinations: ["10.3.2.240/32"],
      },
      {
        name: "producers-in-centralus-to-service-bus-amqps",
        direction: "Inbound",
        // What the filters of both hubs put in place of the sender's address.
        sources: ["10.100.1.0/26", "10.101.1.0/26"],
        destinations: ["10.1.2.240"],
      },
    ]),
  );
});

describe("names and ways, before and after a failover", () => {
  const [east, central] = ["eastus2", "centralus"].map(spokeOf) as [string, string];

  test("the alias leads every spoke to one address, and a failover moves it for all", () => {
    const azure = azureFrom(stacks);
    for (const spoke of [east, central]) expect(addressOf(azure, spoke, ALIAS)).toBe("10.1.2.240");
    azure.failOver("lockdown-pc");
    for (const spoke of [east, central]) expect(addressOf(azure, spoke, ALIAS)).toBe("10.3.2.240");
    for (const spoke of [east, central]) expect(addressOf(azure, spoke, EAST)).toBe("10.1.2.240");
    for (const spoke of [east, central]) expect(addressOf(azure, spoke, CENTRAL)).toBe("10.3.2.240");
  });

  test("where both hubs route, each spoke reaches both namespaces", () => {
    const azure = azureFrom(stacks);
    for (const spoke of [east, central]) {
      const reached = endpointsReachedFrom(azure, spoke).map(({ address }) => address);
      expect(reached).toEqual(expect.arrayContaining(["10.1.2.240", "10.3.2.240"]));
    }
  });

  test("where one hub does not, neither spoke reaches the other: traffic has no way back", () => {
    const azure = azureFrom(build(routedTo([])));
    expect(endpointsReachedFrom(azure, east).map(({ address }) => address)).not.toContain("10.3.2.240");
    expect(endpointsReachedFrom(azure, central).map(({ address }) => address)).not.toContain("10.1.2.240");
  });
});

test("two regions on one hub each have their own peering, filter and DNS, though their spokes have one name", () => {
  const [stamp] = topology.stamps;
  const [first] = stamp?.regions ?? [];
  const stamps = topology.stamps.map((each) => ({
    ...each,
    regions: each.regions.map((region) => ({
      ...region,
      existingHub: first?.existingHub && {
        ...first.existingHub,
        dns: { ...first.existingHub.dns, serves: [region.spoke.addressSpace] },
        routesTo: each.regions.map(({ spoke }) => spoke.addressSpace),
      },
    })),
  }));
  const oneHub = build({ ...topology, stamps });
  const azure = azureFrom(oneHub);
  for (const spoke of ["eastus2", "centralus"].map(spokeOf)) {
    expect(addressOf(azure, spoke, ALIAS)).toBe("10.1.2.240");
    const reached = endpointsReachedFrom(azure, spoke).map(({ address }) => address);
    expect(reached).toEqual(expect.arrayContaining(["10.1.2.240", "10.3.2.240"]));
  }
  expect(azure.filters.all()).toHaveLength(2);
});

describe("the owners' part", () => {
  const part = ownersPartIn(stacks);

  test("says which routes, which zones, which right, which records", () => {
    const list = checklistOf(part);
    expect(list).toContain("[x] Route between the spoke and 10.3.0.0/16");
    expect(checklistOf(ownersPartIn(build(routedTo([]))))).toContain("[ ] Route between the spoke and 10.3.0.0/16");
    expect(list).toMatch(/\[ \] Put the filter's own address .*10\.3\.2\.240.*10\.1\.2\.240/);
    expect(list).toContain("For the owner of the private DNS zones in private-dns-rg");
    expect(list).toContain("Private DNS Zone Contributor");
    expect(list).toContain("@ in ledger.internal.example.com: 10.200.5.4");
    expect(list).toContain("orders in privatelink.database.windows.net: 10.200.6.4");
    expect(list).toMatch(/\[ \] Let through 10\.1\.1\.0\/24 to 10\.200\.5\.4\/32, TCP 8443/);
  });

  test("has each link and each record once in its Terraform", () => {
    const snippet = snippetOf(part);
    const zones = new Set(part.zones.flatMap(({ zoneIds }) => zoneIds));
    const links = snippet.match(/^resource "azurerm_private_dns_zone_virtual_network_link"/gm);
    // Two hubs, and every zone.
    expect(links).toHaveLength(2 * zones.size);
    expect(snippet.match(/^resource "azurerm_private_dns_a_record"/gm)).toHaveLength(2);
    // Two hubs have two policies.
    expect(snippet.match(/^variable "firewall_policy_id_of_/gm)).toHaveLength(2);
    expect(snippet).toContain("subscription_22222222_3333_4444_5555_666666666666");
  });
});
