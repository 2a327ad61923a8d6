import { setTimeout as pause } from "node:timers/promises";
import { MessageFlow } from "../../local/flow/message-flow";
import { OnCallUnderTest } from "../support/on-call";
import { singleRegion, topologyWith } from "../support/topologies";

// Commands are processes of their own, on a machine that may be busy.
jest.setTimeout(240_000);

const EAST = "lockdown-pc-eastus2";
const CENTRAL = "lockdown-pc-centralus";

let onCall: OnCallUnderTest;
beforeEach(async () => {
  onCall = await OnCallUnderTest.start();
});
afterEach(async () => {
  expect(onCall.local.failures()).toEqual([]);
  await onCall.stop();
});

const failover = (args: readonly string[], options?: Parameters<OnCallUnderTest["run"]>[2]) =>
  onCall.run("failover", args, options);

/** The namespace that the alias names, and whether it has a partner. */
function alias(): { names: string | undefined; isPaired: boolean } {
  const { azure } = onCall.local;
  const pairing = azure.pairing("lockdown-pc");
  return { names: azure.namespaces.get(pairing?.primaryId ?? "")?.name, isPaired: pairing?.partnerId !== undefined };
}

const UNCHANGED = { names: EAST, isPaired: true };
const MOVED = { names: CENTRAL, isPaired: false };

test("--plan shows the pair and what would be done, and changes nothing", async () => {
  const { status, stdout, stderr } = await failover(["--plan"]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/lockdown-pc-eastus2 +eastus2 +Primary +0 pending, partner lockdown-pc-centralus/);
  expect(stdout).toMatch(/lockdown-pc-centralus +centralus +Secondary/);
  expect(stdout).toContain(
    "from eastus2: lockdown-pc.servicebus.windows.net is 10.1.2.240, the endpoint of lockdown-pc-eastus2",
  );
  expect(stdout).toContain("topology: paired, primary eastus2");
  expect(stdout).toContain(`1. Resource Manager is asked for the failover on ${CENTRAL}.`);
  expect(alias()).toEqual(UNCHANGED);
});

test("a planned failover: the alias moves, answers from the new primary, and messages stay where they are; a second run finds nothing left", async () => {
  onCall.local.broker.stall(EAST);
  const flow = MessageFlow.ofOnlyStamp(onCall.local);
  await flow.posting.post({ count: 6, batch: 3, region: "eastus2" });
  const { status, stdout, stderr } = await failover(["--yes", "--wait", "60"]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(`✔ ${CENTRAL} is the primary of lockdown-pc`);
  expect(stdout).toContain(
    "✔ from eastus2: lockdown-pc.servicebus.windows.net is 10.1.2.241, the endpoint of lockdown-pc-centralus",
  );
  expect(stdout).toContain(`› 6 messages stay in ${EAST}`);
  expect(stdout).toContain('Set pairing.state to "failed-over" in topology.ts');
  expect(stdout).toContain("Run npm run failover -- --plan on a host in centralus too");
  expect(alias()).toEqual(MOVED);
  const again = await failover(["--yes", "--wait", "60"]);
  expect(again.status).toBe(0);
  expect(again.stdout).toContain("there is nothing left to fail over");
  expect(alias()).toEqual(MOVED);
});

test("with the primary's region down a planned failover refuses, and a forced one shows what is unknown", async () => {
  await onCall.local.broker.goDown(EAST);
  const planned = await failover(["--yes"]);
  expect([planned.status, planned.stderr]).toEqual([
    1,
    expect.stringMatching(
      /lockdown-pc-eastus2 cannot be read \(503 .*Nothing was changed\. If its region is lost: --forced\.\n$/,
    ),
  ]);
  expect(alias()).toEqual(UNCHANGED);
  const { status, stdout } = await failover(["--yes", "--forced", "--wait", "60"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/lockdown-pc-eastus2 +eastus2 +unknown: 503/);
  expect(stdout).toContain("Messages stay in lockdown-pc-eastus2: how many is not known");
  expect(stdout).toContain("✖ lockdown-pc-eastus2 cannot be read: how many messages stay in it is not known");
  expect(alias()).toEqual(MOVED);
});

test("interrupted while Azure works, and run again: it goes on waiting, and asks for no second failover", async () => {
  onCall.local.azure.failoverMs = 40_000;
  const run = await onCall.start("failover", ["--yes", "--wait", "60"]);
  while (alias().isPaired) await pause(50);
  run.interrupt();
  expect((await run.ended).status).toBe(130);
  const late = await failover(["--yes", "--wait", "1"]);
  expect([late.status, late.stderr]).toEqual([
    1,
    expect.stringContaining("Run npm run failover again: it goes on waiting"),
  ]);
  const { status, stdout } = await failover(["--yes", "--wait", "120"]);
  expect(status).toBe(0);
  expect(stdout).toContain(`✔ ${CENTRAL} is the primary of lockdown-pc`);
});

test("a producer that refuses to say where the alias leads is named at once, and not asked for fifteen minutes", async () => {
  await onCall.stop();
  onCall = await OnCallUnderTest.start(
    topologyWith((stamp) => {
      const id = "11111111-2222-3333-4444-555555555555";
      stamp.authentication = { tenantId: id, clientId: id, allowedApplications: [id] };
    }),
  );
  // The command's topology has no client id, so it asks without a token.
  const { status, stderr } = await failover(["--yes"], { topology: topologyWith() });
  expect([status, stderr]).toEqual([
    1,
    "lockdown-pc has failed over. Where its name leads could not be asked: lockdown-pc-producer-eastus2.azurewebsites.net answered 401.\n",
  ]);
  expect(alias()).toEqual(MOVED);
});

test("what cannot be done is one clear error, and nothing is changed", async () => {
  const renamed = structuredClone(onCall.topology) as unknown as {
    stamps: { regions: { serviceBus: { namespace: string } }[] }[];
  };
  const [first] = renamed.stamps[0]?.regions ?? [];
  if (first) first.serviceBus.namespace = "another-namespace";
  const cases = [
    [{}, [], 2, "There is no terminal to ask on, and nothing was changed: add --yes."],
    [{ isOutside: true }, ["--yes"], 3, "This host is not in the network, and nothing was changed"],
    [{ environment: { ARM_SUBSCRIPTION_ID: undefined } }, ["--yes"], 2, "ARM_SUBSCRIPTION_ID is not set"],
    [{ environment: { ARM_CLIENT_SECRET: "another" } }, ["--yes"], 1, "AADSTS7000215"],
    [{ topology: renamed }, ["--yes"], 1, "which is no namespace of the topology"],
    [{ topology: topologyWith(singleRegion) }, ["--yes"], 2, "The topology has no pair of regions"],
    [{}, ["--stamp", "blue"], 2, 'There is no stamp "blue"'],
  ] as const;
  for (const [options, args, expected, message] of cases) {
    const { status, stderr } = await failover(args, options);
    expect([status, stderr]).toEqual([expected, expect.stringContaining(message)]);
    expect(alias()).toEqual(UNCHANGED);
  }
});
