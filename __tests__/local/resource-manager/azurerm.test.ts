import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "../../../local/resource-manager/resource-manager";
import { resourceManager, type ResourceManagerUnderTest } from "../../support/resource-manager";

/** Everything that azurerm 4.55.0 wrote in a rehearsal of one region, in its order, teardown included, and one read of each kind. */
const RECORDED = readFileSync(join(__dirname, "azurerm-4.55.0.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Exchange);

let arm: ResourceManagerUnderTest;
beforeAll(async () => {
  arm = await resourceManager(undefined, { subnetMs: 0 });
});
afterAll(() => arm.stop());

test("what azurerm asked in a rehearsal is answered as it was then, and nothing is left of it", async () => {
  const before = arm.manager.resources();
  const differing: string[] = [];
  for (const { method, path, query, request, status } of RECORDED) {
    const response = await fetch(`${arm.manager.origin}${path}?${query}`, {
      method,
      headers: { authorization: `Bearer ${arm.token}`, "content-type": "application/json" },
      ...(method === "GET" || method === "DELETE" ? {} : { body: JSON.stringify(request) }),
    });
    const text = await response.text();
    if (response.status !== status) differing.push(`${method} ${path}: ${response.status}, then ${status}: ${text}`);
  }
  expect(differing).toEqual([]);
  expect(arm.manager.failures).toEqual([]);
  expect(arm.manager.resources()).toEqual(before);
});

test("the record covers every type that the stacks contain", () => {
  const written = new Set(
    RECORDED.filter(({ method }) => method === "PUT").map(
      ({ path }) => path.replace(/^.*\/providers\//i, "").split("/")[0],
    ),
  );
  for (const provider of [
    "Microsoft.Network",
    "Microsoft.Compute",
    "Microsoft.ServiceBus",
    "Microsoft.Web",
    "Microsoft.Storage",
    "Microsoft.Insights",
    "Microsoft.OperationalInsights",
    "Microsoft.ManagedIdentity",
    "Microsoft.Authorization",
  ]) {
    expect(written).toContain(provider);
  }
});
