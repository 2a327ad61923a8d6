import { readdirSync } from "node:fs";
import { join } from "node:path";
import { stampsIn } from "../../local/azure/deployed-stamp";
import { azureFrom } from "../../local/azure/from-stacks";
import { addressOf } from "../../local/names/resolve";
import { prove } from "../../proof/prove";
import { loadTopology } from "../../topology/load";
import { serviceBusHost } from "../../topology/names";
import { contains } from "../../topology/cidr";
import type { Topology } from "../../topology/schema";
import { build } from "../support/build";
import { ownTopology } from "../support/own-topology";

const EXAMPLES = join(__dirname, "../../docs/examples");

/** What holds for every topology: the user's own, and each example that has no mistakes in it. */
const TOPOLOGIES: readonly (readonly [string, () => Topology])[] = [
  ["your own topology", ownTopology],
  ...readdirSync(EXAMPLES)
    .filter((name) => name.endsWith(".json") && name !== "mistaken.json")
    .map((name) => [`docs/examples/${name}`, () => loadTopology(join(EXAMPLES, name))] as const),
];

describe.each(TOPOLOGIES)("%s", (_, topologyOf) => {
  const topology = topologyOf();
  const stacks = build(topology);
  const azure = azureFrom(stacks);

  test("no rule of the proof is broken", () => {
    expect(prove(stacks)).toEqual([]);
  });

  test("each stack comes after those it depends on, and none depends on another stamp's", () => {
    const seen = new Set<string>();
    for (const { name, dependencies } of stacks) {
      for (const dependency of dependencies) expect(seen).toContain(dependency);
      seen.add(name);
    }
    expect(stampsIn(azure)).toHaveLength(topology.stamps.length);
  });

  test("no stack reads another's state, has an output or a data source, or holds a key", () => {
    for (const { name, json } of stacks) {
      expect({ name, data: json.data, output: json.output }).toEqual({ name, data: undefined, output: undefined });
      expect(JSON.stringify(json)).not.toMatch(
        /terraform_remote_state|SharedAccessKey|AccountKey=|InstrumentationKey=|PRIVATE KEY|(primary|secondary)_(access_key|connection_string)/i,
      );
    }
  });

  test("from each spoke every namespace of the stamp, and its alias, has an address in that spoke", () => {
    for (const stamp of stampsIn(azure)) {
      const spokes = [...stamp.networkIds].map((id) => azure.networks.get(id));
      expect(spokes).toHaveLength(stamp.namespaces.length);
      const hosts = [...stamp.namespaces.map(({ name }) => name), ...(stamp.alias === undefined ? [] : [stamp.alias])];
      for (const spoke of spokes) {
        for (const host of hosts.map(serviceBusHost)) {
          const address = addressOf(azure, spoke?.id, host) ?? "";
          const block = topology.stamps
            .flatMap(({ regions }) => regions)
            .map((region) => region.spoke.workloadSubnet)
            .find((subnet) => address !== "" && contains(subnet, `${address}/32`));
          expect({ host, address, block }).toEqual({
            host,
            address: expect.any(String) as string,
            block: expect.any(String) as string,
          });
        }
      }
    }
  });

  test("each region has a producer and a consumer in its stamp's network, with the roles that they need", () => {
    const regions = topology.stamps.flatMap((stamp) => stamp.regions);
    expect(azure.apps.all()).toHaveLength(2 * regions.length);
    for (const { functionApps } of regions) {
      const names = azure.apps.all().map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(Object.values(functionApps)));
    }
  });
});
