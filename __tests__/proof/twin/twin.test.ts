import fc from "fast-check";
import type { Model } from "../../../proof/network/model";
import type { Outcome } from "../../../proof/reach/flight";
import type { Place } from "../../../proof/reach/place";
import type { Reach as ReachClass } from "../../../proof/reach/reach";
import { type End, follow, type Sender } from "./naive";
import type { Packet } from "./packet";
import { packets, topologies } from "./topologies";

/** The engine, fresh: with a bug planted into one of its modules, or as it is. */
function engine(
  plant?: readonly [module: string, replace: (real: Record<string, unknown>) => Record<string, unknown>],
) {
  let Reach: typeof ReachClass | undefined;
  jest.isolateModules(() => {
    if (plant) {
      const [module, replace] = plant;
      const path = `../../../proof/reach/${module}`;
      jest.doMock(path, () => {
        const real = jest.requireActual<Record<string, unknown>>(path);
        return { ...real, ...replace(real) };
      });
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a module of its own for each test
    ({ Reach } = require("../../../proof/reach/reach") as { Reach: typeof ReachClass });
    if (plant) jest.dontMock(`../../../proof/reach/${plant[0]}`);
  });
  if (!Reach) throw new Error("The engine could not be loaded.");
  return Reach;
}

const PORTS = 65_536;

function pieceOf(outcomes: readonly Outcome[], packet: Packet): Outcome {
  const found = outcomes.filter(
    ({ sent, destination }) =>
      sent.from.has(packet.from) &&
      sent.to.has(packet.to) &&
      sent.service.has(packet.port + (packet.protocol === "udp" ? PORTS : 0)) &&
      sent.sourcePort.has(packet.sourcePort) &&
      destination.inTags.every((tag) => packet.tags.includes(tag)) &&
      !destination.notInTags.some((tag) => packet.tags.includes(tag)) &&
      (destination.hosts?.includes(packet.host) ?? true) &&
      !destination.notHosts.includes(packet.host),
  );
  const [only, another] = found;
  if (!only || another) throw new Error(`${found.length} classes have the packet ${JSON.stringify(packet)}, not one.`);
  return only;
}

function endOf({ verdict, target }: Outcome): End {
  if (verdict !== "reaches") return verdict;
  switch (target?.kind) {
    case "endpoint":
      return `reaches ${target.endpoint.name}`;
    case "machine":
      return `reaches ${target.machine.name}`;
    case "hosts":
      return `reaches ${target.subnet.name}`;
    default:
      return `reaches ${target?.kind ?? "nothing"}`;
  }
}

function senderOf({ subnet, machine, app }: Place): Sender | undefined {
  if (!subnet) return undefined;
  return {
    subnet,
    securityGroupIds: [machine?.securityGroupId, subnet.securityGroupId].filter((id) => id !== undefined),
    isApp: app !== undefined,
    routesAll: app?.routesAll ?? true,
    // App Service has addresses of its own.
    hasPublicAddress: app !== undefined || machine?.publicAddress !== undefined,
  };
}

const question = fc.record({ topology: topologies, questions: fc.array(packets, { minLength: 8, maxLength: 8 }) });

/** @throws where the two answer one packet differently */
function compare(Reach: typeof ReachClass, model: Model, questions: readonly Omit<Packet, "from">[]): void {
  const reach = new Reach(model);
  for (const place of reach.places) {
    const sender = senderOf(place);
    if (!sender) continue;
    const outcomes = reach.from(place);
    for (const one of questions) {
      const packet = { ...one, from: place.addresses.first };
      const [exact, naive] = [endOf(pieceOf(outcomes, packet)), follow(model, sender, packet)];
      if (exact !== naive)
        throw new Error(
          `${place.name}: ${JSON.stringify(packet)}: the engine says "${exact}", the naive twin "${naive}".\n${pieceOf(
            outcomes,
            packet,
          )
            .steps.map(({ by, why }) => `${by}: ${why}`)
            .join("\n")}`,
        );
    }
  }
}

/** @throws the first disagreement, in its smallest form */
function check(Reach: typeof ReachClass, numRuns: number): void {
  const { failed, errorInstance } = fc.check(
    fc.property(question, ({ topology, questions }) => {
      compare(Reach, topology, questions);
    }),
    { numRuns, seed: 14 },
  );
  if (failed) throw errorInstance;
}

jest.setTimeout(600_000);

/** `.ci/run full` compares more of them. */
const TOPOLOGIES = Number(process.env.TWIN_TOPOLOGIES ?? 400);

test("the engine and a naive evaluator answer every packet of random topologies alike", () => {
  check(engine(), TOPOLOGIES);
});

test.each([
  [
    "security-groups",
    "rules by falling priority",
    (real: Record<string, unknown>) => {
      const throughGroup = real.throughGroup as (
        flight: unknown,
        group: { rules: unknown[] },
        ...rest: unknown[]
      ) => unknown;
      return {
        throughGroup: (flight: unknown, group: { rules: unknown[] }, ...rest: unknown[]) =>
          throughGroup(flight, { ...group, rules: [...group.rules].reverse() }, ...rest),
      };
    },
  ],
  ["return", "answers that always come back", () => ({ symmetric: (flight: unknown) => [{ flight }] })],
  [
    "routes",
    "routes in the order of their lists",
    (real: Record<string, unknown>) => {
      const routesAt = real.routesAt as (...given: unknown[]) => readonly unknown[];
      return { routesAt: (...given: unknown[]) => [...routesAt(...given)].slice(0, 2) };
    },
  ],
  [
    "firewall",
    "application rules that keep the sender's address",
    (real: Record<string, unknown>) => {
      const throughFirewall = real.throughFirewall as (...given: unknown[]) => { passed: Record<string, unknown>[] };
      return {
        throughFirewall: (...given: unknown[]) => {
          const { passed, ...rest } = throughFirewall(...given);
          return { ...rest, passed: passed.map(({ through: _through, ...each }) => each) };
        },
      };
    },
  ],
])("a bug in %s, %s, makes them disagree", (module, _, replace) => {
  const broken = engine([module, replace]);
  expect(() => {
    check(broken, 2_000);
  }).toThrow(/the engine says|classes have the packet/);
});
