import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verdictOn } from "../../proof/prove";
import { ask } from "../../proof/reach/ask";
import type { Reach } from "../../proof/reach/reach";
import { tcp } from "../../proof/packets/services";
import { stacksFromPlans } from "../../synthesized/plan";

/**
 * A plan as `terraform show -json` wrote it, with what no reader needs left out: two spokes by one module with `for_each`, subnets by `count`, rules as resources of their own. The namespace's
 * endpoint is in the spoke of the data, and its subnet's network policies are off.
 */
const PLAN = join(__dirname, "plans/spokes-of-a-module.json");

/**
 * Another one: subnets by `count`, which an output gives by their names; addresses that Azure chooses; a record of an endpoint's address; an app with the identity that Azure makes for it; and a
 * machine that is no forwarder.
 */
const BY_NAME = join(__dirname, "plans/subnets-by-name.json");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plans-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function reachOf(file: string): Reach {
  const { reach, findings } = verdictOn(stacksFromPlans([file]), { rules: [] });
  if (!reach) throw new Error(findings.map(({ what }) => what).join("\n"));
  return reach;
}

/** A plan with a text changed. */
function changed(from: string, to: string, plan = PLAN): string {
  const text = JSON.stringify(JSON.parse(readFileSync(plan, "utf8")));
  if (!text.includes(from)) throw new Error(`The plan has no ${from}.`);
  const file = join(folder, "plan.json");
  writeFileSync(file, text.replaceAll(from, to));
  return file;
}

const NAMESPACE = "orders-namespace-weu.servicebus.windows.net";

test("what is known after the apply only is found through modules, their instances, variables and outputs", () => {
  const { subnets, peerings, endpoints, zoneLinks } = reachOf(PLAN).model;
  expect(
    subnets.map(({ id, securityGroupId }) => [id.split("/").slice(-3).join("/"), securityGroupId?.split("/").at(-1)]),
  ).toEqual([
    ["apps-vnet/subnets/subnet-0", "apps-nsg"],
    ["apps-vnet/subnets/subnet-1", "apps-nsg"],
    ["data-vnet/subnets/subnet-0", "data-nsg"],
    ["data-vnet/subnets/subnet-1", "data-nsg"],
  ]);
  expect(peerings.map(({ networkId, remoteId }) => [networkId, remoteId].map((id) => id.split("/").at(-1)))).toEqual([
    ["apps-vnet", "data-vnet"],
    ["data-vnet", "apps-vnet"],
  ]);
  expect(endpoints.map(({ subnetId }) => subnetId.split("/").slice(-3).join("/"))).toEqual([
    "data-vnet/subnets/subnet-1",
  ]);
  expect(zoneLinks.map(({ networkId }) => networkId.split("/").at(-1))).toEqual(["apps-vnet"]);
});

test("the mistakes in it are found: a group that does not apply, and a spoke that does not find the name", () => {
  const { findings, unchecked } = verdictOn(stacksFromPlans([PLAN]), { rules: [] });
  const what = findings.map((finding) => `${finding.rule}: ${finding.what}`).join("\n");
  expect(what).toContain(
    "every-subnet-is-guarded: subnet-1 in network-rg has private endpoints, which its security group does not apply to",
  );
  expect(unchecked).toContain("nothing-more");
  const reach = reachOf(PLAN);
  const from = (place: string) => ask(reach, { place: reach.place(place), to: NAMESPACE, service: tcp(5671) });
  // The group denies port 5671, and the endpoint does not obey it.
  expect(from("westeurope/apps-vnet/subnet-0").verdict).toBe("reaches");
  // The zone is linked to the other spoke.
  expect(from("westeurope/data-vnet/subnet-0")).toMatchObject({ verdict: "cannot", answer: { kind: "public" } });
});

test("with its network policies on the endpoint obeys the group", () => {
  const reach = reachOf(
    changed('"private_endpoint_network_policies":"Disabled"', '"private_endpoint_network_policies":"Enabled"'),
  );
  const reply = ask(reach, { place: reach.place("westeurope/apps-vnet/subnet-0"), to: NAMESPACE, service: tcp(5671) });
  expect([reply.verdict, reply.steps.at(-1)?.by]).toEqual(["cannot", "data-nsg: deny-bus"]);
});

test("an output that gives instances by their names, addresses that Azure chooses, and records of them", () => {
  const { interfaces, endpoints, apps, records, roles } = reachOf(BY_NAME).model;
  const last = (id: string | undefined) => id?.split("/").at(-1);
  expect(apps.map(({ subnetId }) => last(subnetId))).toEqual(["apps"]);
  expect(interfaces.map(({ subnetId, address }) => [last(subnetId), address])).toEqual([["admin", "10.20.0.4"]]);
  // A module gives its subnets to another one as a list, which counts them.
  const routed = reachOf(BY_NAME).model.subnets.filter(({ routeTableId }) => routeTableId !== undefined);
  expect(routed.map(({ name }) => name).sort()).toEqual(["admin", "endpoints"]);
  // Each has another one.
  expect(endpoints.map(({ name, address }) => [name, address])).toEqual([
    ["vault-endpoint", "10.20.2.4"],
    ["web-endpoint", "10.20.2.5"],
  ]);
  expect(records.map(({ label, addresses }) => [label, addresses])).toEqual([["shop-vault", ["10.20.2.4"]]]);
  expect(roles.map(({ principal }) => principal)).toEqual(apps.map(({ id }) => id));
});

test("an app with the identity that Azure makes has one, and a machine that nothing asks is no forwarder", () => {
  const found = verdictOn(stacksFromPlans([BY_NAME]), { rules: [] }).findings.map(({ rule }) => rule);
  expect(found).toContain("every-subnet-is-guarded");
  expect(found).not.toContain("each-app-has-one-identity");
  expect(found).not.toContain("forwarders-answer-from-private-zones");
});

test("which instance a local names is not in a plan: that is an error, and no guess", () => {
  const file = changed(
    String.raw`["module.network.subnets[\"apps\"].id","module.network.subnets[\"apps\"]"`,
    '["module.network.subnets","local.apps_subnet"',
    BY_NAME,
  );
  expect(() => reachOf(file)).toThrow(
    /azurerm_linux_web_app\.shop\.virtual_network_subnet_id is "\$\{one of module\.network\.azurerm_subnet\.this: the plan does not hold the value of local\.apps_subnet\}"/,
  );
});

test.each([
  ["no JSON", "{", /cannot be read/],
  ["a state", '{"format_version":"1.0","values":{}}', /is no plan: write it with terraform show -json/],
])("%s is refused", (_, text, message) => {
  const file = join(folder, "other.json");
  writeFileSync(file, text);
  expect(() => stacksFromPlans([file])).toThrow(message);
});
