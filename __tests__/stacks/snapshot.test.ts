import { build } from "../support/build";
import { topologyWith, viaGateway } from "../support/topologies";

/** One snapshot per stack of the shipped topology. They change on purpose only: npm run snapshots. */
const shipped = () => build().map((stack) => [stack.name, stack.json] as const);

let stacks: ReadonlyMap<string, unknown>;
beforeAll(() => {
  stacks = new Map(shipped());
});

test.each([
  "network-eastus2",
  "network-centralus",
  "messaging-eastus2",
  "messaging-centralus",
  "geo-pair",
  "workload-eastus2",
  "workload-centralus",
  "code-eastus2",
  "code-centralus",
])("%s", (name) => {
  expect(stacks.get(name)).toMatchSnapshot();
});

test("there is no stack without a snapshot", () => {
  expect(stacks.size).toBe(9);
});

test.each(["vpn-gateway", "expressroute"] as const)("network-eastus2 with egress via %s", (via) => {
  const network = build(topologyWith(viaGateway(via))).find(({ name }) => name === "network-eastus2");
  expect(network?.json).toMatchSnapshot();
});
