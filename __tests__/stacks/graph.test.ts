import { build } from "../support/build";
import { secondStamp, singleRegion, topologyWith } from "../support/topologies";

function graph(topology = topologyWith()): Record<string, string[]> {
  return Object.fromEntries(build(topology).map(({ name, dependencies }) => [name, [...dependencies].sort()]));
}

test("two regions: networks and namespaces, what joins them, apps, code", () => {
  const foundation = ["messaging-centralus", "messaging-eastus2", "network-centralus", "network-eastus2"];
  expect(graph()).toEqual({
    "network-eastus2": [],
    "network-centralus": [],
    "messaging-eastus2": [],
    "messaging-centralus": [],
    "geo-pair": foundation,
    "workload-eastus2": ["geo-pair"],
    "workload-centralus": ["geo-pair"],
    "code-eastus2": ["workload-eastus2"],
    "code-centralus": ["workload-centralus"],
  });
});

test("one region has the same stacks, so that a second one renames none", () => {
  expect(graph(topologyWith(singleRegion))).toEqual({
    "network-eastus2": [],
    "messaging-eastus2": [],
    "geo-pair": ["messaging-eastus2", "network-eastus2"],
    "workload-eastus2": ["geo-pair"],
    "code-eastus2": ["workload-eastus2"],
  });
});

test("several stamps have stacks of their own; the first keeps its names", () => {
  const names = Object.keys(graph(topologyWith((_, input) => secondStamp(input, "blue", 4))));
  expect(names).toHaveLength(18);
  expect(names).toEqual(
    expect.arrayContaining(["network-eastus2", "blue-network-eastus2", "geo-pair", "blue-geo-pair"]),
  );
  const edges = Object.entries(graph(topologyWith((_, input) => secondStamp(input, "blue", 4))));
  for (const [name, dependencies] of edges) {
    for (const dependency of dependencies) expect(dependency.startsWith("blue-")).toBe(name.startsWith("blue-"));
  }
});

test("stacks are read in an order in which each comes after what it needs", () => {
  const seen = new Set<string>();
  for (const { name, dependencies } of build()) {
    for (const dependency of dependencies) expect(seen).toContain(dependency);
    seen.add(name);
  }
});
