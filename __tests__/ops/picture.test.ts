import { instance } from "@viz-js/viz";
import { architectureGraph } from "../../ops/architecture/architecture-graph";
import { loadTopology } from "../../topology/load";
import { build } from "../support/build";
import { singleRegion, topologyWith, viaGateway } from "../support/topologies";

test("it shows what the walk-through of the design document numbers, the callers, and what the lines mean", () => {
  const { nodes = [], subgraphs = [] } = architectureGraph(build());
  const text = JSON.stringify({ nodes, subgraphs });
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) expect(text).toContain(`(${number})`);
  for (const part of [
    "Legend",
    "Azure's resolver",
    "private DNS zones",
    "Application Insights",
    "callers and deploy agents",
  ])
    expect(text).toContain(part);
  // The first subgraph is drawn on top.
  expect(subgraphs.map(({ name }) => name)).toEqual(["cluster_eastus2", "cluster_centralus"]);
});

test.each([
  ["one region", topologyWith(singleRegion), ["legend", "bus/lockdown-pc-eastus2"]],
  [
    "a gateway",
    topologyWith(viaGateway("vpn-gateway")),
    ["legend", "bus/lockdown-pc-centralus", "bus/lockdown-pc-eastus2", "alias"],
  ],
  [
    "a hub that exists",
    loadTopology("docs/examples/existing-hubs.json"),
    ["legend", "bus/lockdown-pc-centralus", "bus/lockdown-pc-eastus2", "alias"],
  ],
  [
    "telemetry by private link",
    loadTopology("docs/examples/private-monitoring.json"),
    ["legend", "bus/lockdown-pc-centralus", "bus/lockdown-pc-eastus2", "alias"],
  ],
  [
    "a region with consumers alone",
    loadTopology("docs/examples/several-consumers.json"),
    ["legend", "bus/lockdown-pc-centralus", "bus/lockdown-pc-eastus2", "alias"],
  ],
])("%s can be drawn too", async (_, topology, nodes) => {
  const graph = architectureGraph(build(topology));
  expect(graph.nodes?.map(({ name }) => name)).toEqual(nodes);
  expect((await instance()).renderString(graph, { format: "svg" })).toContain("</svg>");
});
