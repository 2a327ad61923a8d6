import { join } from "node:path";
import { consumerSources, sourceName } from "../../functions/consumer/sources";
import { azureFrom } from "../../local/azure/from-stacks";
import { mayDo } from "../../local/azure/roles";
import { publicationsIn } from "../../synthesized/views/publication";
import { all, textOf } from "../../synthesized/resources";
import { appsIn } from "../../synthesized/views/app";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { securityRulesIn } from "../../synthesized/views/security-rule";
import { prove } from "../../proof/prove";
import { loadTopology } from "../../topology/load";
import { build } from "../support/build";

const stacks = build(loadTopology(join(__dirname, "../../docs/examples/several-consumers.json")));
const named = (part: string) => stacks.filter(({ name }) => name.endsWith(part));
const appNamed = (name: string) => {
  const app = appsIn(stacks).find((each) => each.name === name);
  if (!app) throw new Error(`There is no ${name}.`);
  return app;
};
const EAST = "lockdown-pc-billing-eastus2";

test("each consumer takes from its own entities, with settings of its own", () => {
  const taken = (name: string) => consumerSources(appNamed(name).settings).map(sourceName);
  expect(taken(EAST)).toEqual(["invoices", "topic1/billing"]);
  expect(taken("lockdown-pc-consumer-eastus2")).toEqual(["queue1", "topic1/subscription1"]);
  expect(appNamed(EAST).settings.LEDGER).toBe("main");
  expect(appNamed("lockdown-pc-consumer-eastus2").settings.LEDGER).toBeUndefined();
});

test("each has an identity, storage and endpoints of its own, at addresses before the others'", () => {
  const own = privateEndpointsIn(named("-eastus2")).filter(({ name }) => /billing|bill/.test(name));
  expect(Object.fromEntries(own.map(({ name, address }) => [name, address]))).toEqual({
    "lockdown-pc-billing-eastus2-site": "10.1.2.239",
    "lockdownpcbilleastus2-blob": "10.1.2.238",
    "lockdownpcbilleastus2-table": "10.1.2.237",
    "lockdownpcbilleastus2-queue": "10.1.2.236",
  });
  expect(prove(stacks)).toEqual([]);
});

test("it receives from what it takes, and sends copies to its own queue; from and to no other", () => {
  const azure = azureFrom(stacks);
  const [identity = ""] = azure.apps.all().find(({ name }) => name === EAST)?.identityIds ?? [];
  const principal = azure.identities.get(identity)?.principalId ?? "";
  const namespace = azure.namespaces.all().find(({ name }) => name === "lockdown-pc-eastus2")?.id ?? "";
  expect(mayDo(azure, principal, "send", `${namespace}/queues/invoices`)).toBe(true);
  expect(mayDo(azure, principal, "send", `${namespace}/queues/queue1`)).toBe(false);
  expect(mayDo(azure, principal, "receive", `${namespace}/queues/invoices`)).toBe(true);
  expect(mayDo(azure, principal, "receive", `${namespace}/topics/topic1/subscriptions/billing`)).toBe(true);
  expect(mayDo(azure, principal, "receive", `${namespace}/queues/queue1`)).toBe(false);
  expect(mayDo(azure, principal, "receive", `${namespace}/topics/topic1/subscriptions/subscription1`)).toBe(false);
});

test("the NSG lets the apps reach its storage, and agents its site", () => {
  const inbound = securityRulesIn(named("network-eastus2")).filter(({ direction }) => direction === "Inbound");
  const to = (part: string) => inbound.filter(({ name }) => name.includes(part)).flatMap((rule) => rule.destinations);
  expect(to("to-host-storage")).toEqual(expect.arrayContaining(["10.1.2.238", "10.1.2.237", "10.1.2.236"]));
  expect(to("to-sites")).toContain("10.1.2.239");
});

test("the code stack puts the consumer's package on it", () => {
  const sites = publicationsIn(named("code-eastus2")).map(({ siteId }) => siteId.split("/").at(-1));
  expect(sites).toEqual(expect.arrayContaining([EAST, "lockdown-pc-consumer-eastus2", "lockdown-pc-producer-eastus2"]));
});

describe("a region with consumers alone", () => {
  test("has no producer app, no storage for one, and no flow to one", () => {
    const apps = all(named("workload-centralus"), "azurerm_windows_function_app").map((app) => textOf(app, "name"));
    expect(apps.sort()).toEqual(["lockdown-pc-billing-centralus", "lockdown-pc-consumer-centralus"]);
    expect(all(named("workload-centralus"), "azurerm_storage_account")).toHaveLength(2);
    expect(securityRulesIn(named("network-centralus")).filter(({ name }) => name.includes("producer-site"))).toEqual(
      [],
    );
  });
});
