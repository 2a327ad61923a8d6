import { networkOf } from "../../azure-facts/arm-ids";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { DataAction } from "../../azure-facts/built-in-roles";
import type { Azure, FunctionApp } from "../../local/azure/azure";
import { type DeployedStamp, isInStamp, stampsIn } from "../../local/azure/deployed-stamp";
import { azureFrom } from "../../local/azure/from-stacks";
import { mayDo } from "../../local/azure/roles";
import { endpointsReachedFrom } from "../../local/azure/peers";
import { addressOf } from "../../local/names/resolve";
import { prove } from "../../proof/prove";
import { consumerSources, sourceName } from "../../functions/consumer/sources";
import { consumerSourcesOf } from "../../topology/app-lists";
import { appsOf } from "../../topology/apps";
import { loadTopology } from "../../topology/load";
import { producerHost, serviceBusHost } from "../../topology/names";
import { contains } from "../../topology/cidr";
import type { Region, Stamp, Topology } from "../../topology/schema";
import { sharesZones } from "../../topology/zones";
import { build } from "../support/build";
import { ownTopology } from "../support/own-topology";
import { RECOVERIES, topologyWith } from "../support/topologies";

const EXAMPLES = join(__dirname, "../../docs/examples");

/** What holds for every topology: the user's own, and each example that has no mistakes in it. */
const TOPOLOGIES: readonly (readonly [string, () => Topology])[] = [
  ["your own topology", ownTopology],
  ...readdirSync(EXAMPLES)
    .filter((name) => name.endsWith(".json") && name !== "mistaken.json")
    .map((name) => [`docs/examples/${name}`, () => loadTopology(join(EXAMPLES, name))] as const),
  ["the reference topology, failed over", () => inState("failed-over")],
  ["the reference topology, unpaired", () => inState("unpaired")],
  ...RECOVERIES.map(([name, edit]) => [`the reference topology ${name}`, () => topologyWith(edit)] as const),
];

function inState(state: "failed-over" | "unpaired"): Topology {
  return topologyWith((stamp) => stamp.pairing && (stamp.pairing.state = state));
}

describe.each(TOPOLOGIES)("%s", (_, topologyOf) => {
  const topology = topologyOf();
  const stacks = build(topology);
  const azure = azureFrom(stacks);

  test("no rule and no claim of the proof is broken", () => {
    expect(prove(stacks, { topology })).toEqual([]);
  });

  test("each stack comes after those it depends on, and none depends on another stamp's", () => {
    const seen = new Set<string>();
    for (const { name, dependencies } of stacks) {
      for (const dependency of dependencies) expect(seen).toContain(dependency);
      const owner = topology.stamps.find((stamp) => stamp.name !== undefined && name.startsWith(`${stamp.name}-`));
      for (const dependency of owner ? dependencies : [])
        expect(dependency).toMatch(new RegExp(`^${owner?.name ?? ""}-`));
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

  test("in each region every namespace of the stamp, and its alias, has an address that the region reaches; its own zones know its own workload subnet alone", () => {
    for (const { stamp, deployed } of pairsOf(topology, azure)) {
      const hosts = [...deployed.namespaces.map(({ name }) => serviceBusHost(name)), producerHost(stamp)];
      for (const region of stamp.regions) {
        const networkId = networkOf(deployedIn(azure, stamp, region)[0]?.app.subnetId ?? "");
        const reached = endpointsReachedFrom(azure, networkId).map(({ address }) => address);
        for (const host of hosts) {
          const address = addressOf(azure, networkId, host) ?? "";
          const isOwn = address !== "" && contains(region.spoke.workloadSubnet, `${address}/32`);
          const isRight = reached.includes(address) && (isOwn || sharesZones(stamp));
          expect({ region: region.location, host, address, isRight }).toMatchObject({ isRight: true });
        }
      }
    }
  });

  test("each region has the apps that it names in its stamp's network, with the roles that they need, and no app besides", () => {
    const planned = topology.stamps.flatMap((stamp) => stamp.regions.flatMap((region) => appsOf(stamp, region)));
    expect(new Set(azure.apps.all().map(({ name }) => name))).toEqual(new Set(planned.map(({ name }) => name)));
    for (const { stamp, deployed } of pairsOf(topology, azure)) {
      for (const region of stamp.regions) {
        const own = deployed.namespaces.find(({ location }) => location === region.location)?.id ?? "";
        for (const { kind, app } of deployedIn(azure, stamp, region)) {
          expect(isInStamp(deployed, app)).toBe(true);
          const sends = deployed.namespaces.map(({ id }) => mayAs(azure, app, "send", id));
          expect({ kind, sends }).toEqual({ kind, sends: deployed.namespaces.map(() => kind === "producer") });
          // With several consumers, each receives from its own entities.
          const sources = kind === "consumer" ? consumerSources(app.settings) : [];
          const received = sources.map((source) =>
            mayAs(
              azure,
              app,
              "receive",
              `${own}/${"queue" in source ? `queues/${source.queue}` : `topics/${source.topic}/subscriptions/${source.subscription}`}`,
            ),
          );
          expect(received).toEqual(sources.map(() => true));
          if (kind === "producer") expect(mayAs(azure, app, "receive", own)).toBe(false);
        }
      }
    }
  });

  test("each queue and subscription that hands out messages has one consumer in each region", () => {
    for (const { stamp } of pairsOf(topology, azure)) {
      for (const region of stamp.regions) {
        const taken = deployedIn(azure, stamp, region)
          .filter(({ kind }) => kind === "consumer")
          .flatMap(({ app }) => consumerSources(app.settings).map(sourceName));
        expect(taken.sort()).toEqual(consumerSourcesOf(stamp).map(sourceName).sort());
      }
    }
  });
});

/** Each stamp of the topology, and what is deployed of it. */
function pairsOf(topology: Topology, azure: Azure): { stamp: Stamp; deployed: DeployedStamp }[] {
  return topology.stamps.map((stamp) => {
    const names = stamp.regions.map(({ serviceBus }) => serviceBus.namespace);
    const deployed = stampsIn(azure).find(({ namespaces }) => namespaces.every(({ name }) => names.includes(name)));
    if (!deployed) throw new Error(`${names.join(", ")} are not deployed as one stamp.`);
    return { stamp, deployed };
  });
}

function deployedIn(azure: Azure, stamp: Stamp, region: Region) {
  return appsOf(stamp, region).map(({ name, kind }) => {
    const app = azure.apps.all().find((each) => each.name === name);
    if (!app) throw new Error(`${name} is not deployed.`);
    return { kind, app };
  });
}

function mayAs(azure: Azure, app: FunctionApp, action: DataAction, resourceId: string): boolean {
  return app.identityIds.some((id) => mayDo(azure, azure.identities.get(id)?.principalId ?? "", action, resourceId));
}
