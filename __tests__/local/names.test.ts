import { Resolver } from "node:dns/promises";
import { stampsIn } from "../../local/azure/deployed-stamp";
import { azureFrom } from "../../local/azure/from-stacks";
import { DnsServer } from "../../local/names/dns-server";
import { addressOf, resolve } from "../../local/names/resolve";
import { endpointAddress, namespaceEndpoint } from "../../topology/addresses";
import { build, SUBSCRIPTION } from "../support/build";
import { forwardersOf, secondStamp, topologyWith } from "../support/topologies";

const azure = () => azureFrom(build());
const ALIAS = "lockdown-pc.servicebus.windows.net";

/** The ARM id of a region's spoke: where its apps ask from. */
function spokeOf(region: string, prefix = ""): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${prefix}network-${region}-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet`;
}

test("the alias leads over the primary and its private link to the region's own endpoint", () => {
  expect(resolve(azure(), spokeOf("eastus2"), ALIAS)).toEqual([
    { name: ALIAS, type: "CNAME", data: "lockdown-pc-eastus2.servicebus.windows.net" },
    {
      name: "lockdown-pc-eastus2.servicebus.windows.net",
      type: "CNAME",
      data: "lockdown-pc-eastus2.privatelink.servicebus.windows.net",
    },
    { name: "lockdown-pc-eastus2.privatelink.servicebus.windows.net", type: "A", data: "10.1.2.240" },
  ]);
});

test("each region has its own address for each namespace, before the failover and after it", () => {
  const model = azure();
  const [stamp] = topologyWith().stamps;
  const [east, central] = stamp?.regions ?? [];
  if (!east || !central) throw new Error("The topology has two regions.");
  for (const from of [east, central]) {
    expect(addressOf(model, spokeOf(from.location), ALIAS)).toBe(endpointAddress(from, namespaceEndpoint(from, east)));
  }
  model.failOver("lockdown-pc");
  for (const from of [east, central]) {
    expect(addressOf(model, spokeOf(from.location), ALIAS)).toBe(
      endpointAddress(from, namespaceEndpoint(from, central)),
    );
  }
});

test("a zone that is linked and has no record hides the name; one that is not linked does too, for want of a public way", () => {
  const model = azure();
  const endpoint = model.endpoints.all().find(({ name }) => name === "CentraltoEast");
  model.endpoints.remove(endpoint?.id ?? "");
  expect(resolve(model, spokeOf("centralus"), ALIAS)).toEqual([]);
  expect(resolve(model, spokeOf("eastus2"), ALIAS)).toHaveLength(3);
  for (const { id } of model.zoneLinks.all()) model.zoneLinks.remove(id);
  expect(resolve(model, spokeOf("eastus2"), ALIAS)).toEqual([]);
});

test("a zone that is linked to the spoke instead of the hub has no effect", () => {
  const stacks = structuredClone(build());
  const network = stacks.find(({ name }) => name === "network-eastus2");
  const links = Object.values(network?.json.resource?.azurerm_private_dns_zone_virtual_network_link ?? {});
  const spoke = Object.keys(network?.json.resource?.azurerm_virtual_network ?? {}).find((id) => id.startsWith("spoke"));
  for (const link of links)
    Object.assign(link, { virtual_network_id: `\${azurerm_virtual_network.${spoke ?? ""}.id}` });
  expect(links.length).toBeGreaterThan(0);
  expect(resolve(azureFrom(stacks), spokeOf("eastus2"), ALIAS)).toEqual([]);
});

test("sites and host storage are found, other names are not", () => {
  const model = azure();
  expect(addressOf(model, spokeOf("eastus2"), "lockdown-pc-producer-eastus2.azurewebsites.net")).toBe("10.1.2.245");
  expect(addressOf(model, spokeOf("eastus2"), "lockdownpceastus2.blob.core.windows.net")).toBe("10.1.2.242");
  expect(addressOf(model, spokeOf("eastus2"), "lockdownpceastus2cn.blob.core.windows.net")).toBe("10.1.2.247");
  // No flow of this region leads there: its forwarders do not answer for it.
  expect(addressOf(model, spokeOf("centralus"), "lockdownpceastus2.blob.core.windows.net")).toBeUndefined();
  expect(addressOf(model, spokeOf("eastus2"), "example.com")).toBeUndefined();
});

test("where the forwarders answer for everything, a name without a record gets the public answer, which accepts no connection", () => {
  const model = azureFrom(build(topologyWith((stamp) => (forwardersOf(stamp).resolve = "everything"))));
  expect(addressOf(model, spokeOf("centralus"), "lockdownpceastus2.blob.core.windows.net")).toMatch(/^198\.51\.100\./);
});

test("a name that the forwarders do not list has no answer, though a zone has a record of it", () => {
  const model = azure();
  const host = "lockdown-pc-producer-eastus2.azurewebsites.net";
  const [first] = model.forwarders.all().filter(({ id }) => id.includes("network-eastus2-rg"));
  const listed = (first?.listed ?? []).filter((name) => name !== host);
  for (const forwarder of model.forwarders.all()) model.forwarders.put({ ...forwarder, listed });
  expect(resolve(model, spokeOf("eastus2"), host)).toEqual([]);
  expect(resolve(model, spokeOf("eastus2"), ALIAS)).toHaveLength(3);
  // The end of a chain by itself is another question.
  expect(resolve(model, spokeOf("eastus2"), "lockdown-pc-eastus2.privatelink.servicebus.windows.net")).toEqual([]);
});

test("a region's DNS answers over UDP: the chain, NXDOMAIN, and nothing for IPv6", async () => {
  const stamp = azure();
  const server = await DnsServer.start((name) => resolve(stamp, spokeOf("eastus2"), name));
  try {
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${server.port}`]);
    expect(await resolver.resolve4(ALIAS)).toEqual(["10.1.2.240"]);
    expect(await resolver.resolveCname(ALIAS)).toContain("lockdown-pc-eastus2.servicebus.windows.net");
    await expect(resolver.resolve4("example.com")).rejects.toMatchObject({ code: "ENOTFOUND" });
    expect(await resolver.resolve6(ALIAS)).toEqual([]);
  } finally {
    await server.stop();
  }
});

describe("two stamps in the same regions, with resources of the same names", () => {
  const model = azureFrom(build(topologyWith((_, input) => secondStamp(input, "blue", 4))));
  const BLUE = "blue-lockdown-pc.servicebus.windows.net";

  test("nothing of one takes the place of the other's", () => {
    expect(model.endpoints.all()).toHaveLength(2 * azure().endpoints.all().length);
    expect(model.zoneLinks.all()).toHaveLength(2 * azure().zoneLinks.all().length);
    expect(model.forwarders.all()).toHaveLength(2 * azure().forwarders.all().length);
  });

  test("each finds its own alias, in both regions, before the failover and after it, and not the other's", () => {
    const found = () =>
      ["eastus2", "centralus"].flatMap((region) => [
        addressOf(model, spokeOf(region), ALIAS),
        addressOf(model, spokeOf(region, "blue-"), BLUE),
      ]);
    expect(found()).toEqual(["10.1.2.240", "10.5.2.240", "10.3.2.241", "10.7.2.241"]);
    model.failOver("blue-lockdown-pc");
    expect(found()).toEqual(["10.1.2.240", "10.5.2.241", "10.3.2.241", "10.7.2.240"]);
    expect(addressOf(model, spokeOf("eastus2"), BLUE)).toBeUndefined();
    expect(addressOf(model, spokeOf("eastus2", "blue-"), ALIAS)).toBeUndefined();
  });

  test("they are two stamps, each with its namespaces and its own primary", () => {
    expect(stampsIn(model).map(({ name, namespaces }) => [name, namespaces.map((each) => each.name)])).toEqual([
      ["blue-lockdown-pc", ["blue-lockdown-pc-centralus", "blue-lockdown-pc-eastus2"]],
      ["lockdown-pc", ["lockdown-pc-centralus", "lockdown-pc-eastus2"]],
    ]);
  });
});

test("a spoke gets no answer where its peering is missing, half of it too, and where its DNS servers are no forwarders", () => {
  const model = azure();
  const spoke = spokeOf("eastus2");
  const half = model.peerings.all().find(({ remoteId }) => remoteId === spoke.toLowerCase());
  model.peerings.remove(half?.id ?? "");
  expect(resolve(model, spoke, ALIAS)).toEqual([]);
  const other = azure();
  other.networks.put({ id: spoke, dnsServers: ["10.0.2.99"] });
  expect(resolve(other, spoke, ALIAS)).toEqual([]);
});

test("a host without a network finds public names only", () => {
  expect(resolve(azure(), undefined, ALIAS)).toEqual([]);
  const { ingestionHost = "" } = azure().insights.all()[0] ?? {};
  expect(addressOf(azure(), undefined, ingestionHost)).toMatch(/^203\.0\.113\./);
});
