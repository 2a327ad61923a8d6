import { readFileSync } from "node:fs";
import { join } from "node:path";
import { instance } from "@viz-js/viz";
import { architectureGraph } from "../../ops/architecture-graph";
import { build } from "../support/build";
import { singleRegion, topologyWith, viaGateway } from "../support/topologies";

test("the README's picture is drawn from the stacks as they are: npm run picture", async () => {
  const drawn = (await instance()).renderString(architectureGraph(build()), { format: "svg" });
  expect(readFileSync(join(__dirname, "../../docs/images/architecture.svg"), "utf8")).toBe(drawn);
});

test.each([
  ["one region", topologyWith(singleRegion), ["bus/lockdown-pc-eastus2"]],
  [
    "a gateway",
    topologyWith(viaGateway("vpn-gateway")),
    ["bus/lockdown-pc-centralus", "bus/lockdown-pc-eastus2", "alias"],
  ],
])("%s can be drawn too", async (_, topology, nodes) => {
  const graph = architectureGraph(build(topology));
  expect(graph.nodes?.map(({ name }) => name)).toEqual(nodes);
  expect((await instance()).renderString(graph, { format: "svg" })).toContain("</svg>");
});
