import { Resolver } from "node:dns/promises";
import { azureFrom } from "../../local/azure/from-stacks";
import { DnsServer } from "../../local/names/dns-server";
import { addressOf, resolve } from "../../local/names/resolve";
import { endpointAddress, namespaceEndpoint } from "../../topology/addresses";
import { build } from "../support/build";
import { topologyWith } from "../support/topologies";

const azure = () => azureFrom(build());
const ALIAS = "lockdown-pc.servicebus.windows.net";

test("the alias leads over the primary and its private link to the region's own endpoint", () => {
  expect(resolve(azure(), "eastus2", ALIAS)).toEqual([
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
    expect(addressOf(model, from.location, ALIAS)).toBe(endpointAddress(from, namespaceEndpoint(from, east)));
  }
  model.failOver("lockdown-pc");
  for (const from of [east, central]) {
    expect(addressOf(model, from.location, ALIAS)).toBe(endpointAddress(from, namespaceEndpoint(from, central)));
  }
});

test("a zone that is linked and has no record hides the name; one that is not linked does too, for want of a public way", () => {
  const model = azure();
  model.endpoints.remove("centralus/CentraltoEast");
  expect(resolve(model, "centralus", ALIAS)).toEqual([]);
  expect(resolve(model, "eastus2", ALIAS)).toHaveLength(3);
  for (const { networkId, zoneId } of model.zoneLinks.all()) model.zoneLinks.remove(`${networkId} ${zoneId}`);
  expect(resolve(model, "eastus2", ALIAS)).toEqual([]);
});

test("a zone that is linked to the spoke instead of the hub is asked by nobody", () => {
  const stacks = structuredClone(build());
  const network = stacks.find(({ name }) => name === "network-eastus2");
  const links = Object.values(network?.json.resource?.azurerm_private_dns_zone_virtual_network_link ?? {});
  const spoke = Object.keys(network?.json.resource?.azurerm_virtual_network ?? {}).find((id) => id.startsWith("spoke"));
  for (const link of links)
    Object.assign(link, { virtual_network_id: `\${azurerm_virtual_network.${spoke ?? ""}.id}` });
  expect(links.length).toBeGreaterThan(0);
  expect(resolve(azureFrom(stacks), "eastus2", ALIAS)).toEqual([]);
});

test("sites and host storage are found, other names are not", () => {
  const model = azure();
  expect(addressOf(model, "eastus2", "lockdown-pc-producer-eastus2.azurewebsites.net")).toBe("10.1.2.245");
  expect(addressOf(model, "eastus2", "lockdownpceastus2.blob.core.windows.net")).toBe("10.1.2.242");
  expect(addressOf(model, "eastus2", "lockdownpceastus2cn.blob.core.windows.net")).toBe("10.1.2.247");
  // No flow of this region leads there: its forwarders do not answer for it.
  expect(addressOf(model, "centralus", "lockdownpceastus2.blob.core.windows.net")).toBeUndefined();
  expect(addressOf(model, "eastus2", "example.com")).toBeUndefined();
});

test("where the forwarders answer for everything, a name without a record gets the public answer, at which nobody is let in", () => {
  const model = azureFrom(build(topologyWith((stamp) => (stamp.forwarders.resolve = "everything"))));
  expect(addressOf(model, "centralus", "lockdownpceastus2.blob.core.windows.net")).toMatch(/^198\.51\.100\./);
});

test("a name that the forwarders do not list is answered by nobody, though a zone has a record of it", () => {
  const model = azure();
  const host = "lockdown-pc-producer-eastus2.azurewebsites.net";
  const [first] = model.forwarders.all().filter(({ location }) => location === "eastus2");
  const listed = (first?.listed ?? []).filter((name) => name !== host);
  for (const forwarder of model.forwarders.all()) model.forwarders.put({ ...forwarder, listed });
  expect(resolve(model, "eastus2", host)).toEqual([]);
  expect(resolve(model, "eastus2", ALIAS)).toHaveLength(3);
  // The end of a chain by itself is another question.
  expect(resolve(model, "eastus2", "lockdown-pc-eastus2.privatelink.servicebus.windows.net")).toEqual([]);
});

test("a region's DNS answers over UDP: the chain, NXDOMAIN, and nothing for IPv6", async () => {
  const server = await DnsServer.start(azure(), "eastus2");
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
