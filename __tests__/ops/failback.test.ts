import { setTimeout as pause } from "node:timers/promises";
import { message } from "rhea";
import { MessageFlow } from "../../local/flow/message-flow";
import { Content } from "../../local/service-bus/entities/content";
import type { Topology } from "../../topology/schema";
import { OnCallUnderTest } from "../support/on-call";
import {
  firstStamp,
  ON_CALL,
  recovering,
  secondStamp,
  type StampInput,
  topologyWith,
  withOperators,
} from "../support/topologies";

// Commands are processes of their own, on a machine that may be busy.
jest.setTimeout(240_000);

const EAST = "lockdown-pc-eastus2";
const CENTRAL = "lockdown-pc-centralus";
/** No consumer takes from it: what is put there stays. */
const KEPT = "refused";

let onCall: OnCallUnderTest;
let flow: MessageFlow;
beforeEach(async () => {
  onCall = await OnCallUnderTest.start(deployed());
  flow = MessageFlow.ofOnlyStamp(onCall.local);
  onCall.local.azure.failOver("lockdown-pc");
});
afterEach(async () => {
  expect(onCall.local.failures()).toEqual([]);
  await onCall.stop();
});

/** The topology as it is deployed, with one more edit. */
function deployed(edit: (stamp: StampInput) => void = () => undefined): Topology {
  return topologyWith((stamp) => {
    withOperators(stamp);
    stamp.queues?.push({ name: KEPT, requiresDuplicateDetection: true });
    stamp.refusedMessages = KEPT;
    edit(stamp);
  });
}

const failedOver = deployed((stamp) => stamp.pairing && (stamp.pairing.state = "failed-over"));

const failback = (
  topology: Topology,
  args: readonly string[] = [],
  options: Parameters<OnCallUnderTest["run"]>[2] = {},
) => onCall.run("failback", args, { principalId: ON_CALL, topology, ...options });

const queueOf = (namespace: string, entity = KEPT) => onCall.local.broker.entities(namespace).receivable(entity);
const heldBy = (namespace: string, entity = KEPT) => queueOf(namespace, entity).counts.active;

/** Whether the former primary's queue lets senders in. */
function takesMessages(): boolean {
  try {
    onCall.local.broker.entities(EAST).sendable(KEPT);
    return true;
  } catch {
    return false;
  }
}

function put(entity: string, ids: readonly string[]): void {
  for (const id of ids) {
    const bytes = message.encode({
      message_id: id,
      subject: "order",
      body: message.data_section(Buffer.from(`{"n": 9007199254740993, "id": "${id}"}`)) as unknown,
      application_properties: { colour: "red" },
    });
    queueOf(EAST, entity).enqueue(Content.of(bytes));
  }
}

function alias() {
  const { azure } = onCall.local;
  const pairing = azure.pairing("lockdown-pc");
  const nameOf = (id: string | undefined) => azure.namespaces.get(id ?? "")?.name;
  return [nameOf(pairing?.primaryId), nameOf(pairing?.partnerId)];
}

function entitiesIn(namespace: string): string[] {
  const { azure } = onCall.local;
  const { id = "" } = azure.namespaces.all().find(({ name }) => name === namespace) ?? {};
  const { queues, topics } = azure.entitiesOf(id);
  return [...queues, ...topics].map(({ name }) => name).sort();
}

test("with the former primary: shown while it holds messages, offered once it is empty, emptied, paired, and ended; each step twice", async () => {
  put(KEPT, ["a"]);
  const holding = await failback(failedOver);
  expect([holding.status, holding.stderr]).toEqual([0, ""]);
  expect(holding.stdout).toContain(`› ${EAST} still holds\n    refused: 1 active`);
  expect(holding.stdout).not.toContain("Pair again with the former primary");

  expect((await failback(failedOver, ["--move", "--yes"])).status).toBe(0);
  const empty = await failback(failedOver);
  expect(empty.stdout).toContain(
    `✔ ${EAST} is empty: no message is active, scheduled, deferred, dead-lettered or in transfer`,
  );
  expect(empty.stdout).toContain("Pair again with the former primary, emptied");
  expect(empty.stdout).toContain('primary: "centralus"');
  expect(empty.stdout).toContain(`pairing.recovery: { from: "${EAST}" }`);

  const unpaired = deployed(recovering("unpaired"));
  const plan = await failback(unpaired, ["--plan"]);
  expect([plan.status, plan.stderr, entitiesIn(EAST).length]).toEqual([0, "", 3]);
  expect(plan.stdout).toContain(`of ${EAST} are closed for senders, proven empty, and deleted`);
  const paired = await failback(unpaired, ["--yes", "--wait", "60"]);
  expect([paired.status, paired.stderr]).toEqual([0, ""]);
  expect(paired.stdout).toContain(`✔ ${CENTRAL} is the primary of lockdown-pc, ${EAST} its secondary`);
  expect(paired.stdout).toContain('pairing.state: "paired"');
  expect(alias()).toEqual([CENTRAL, EAST]);
  const again = await failback(unpaired, ["--yes", "--wait", "60"]);
  expect([again.status, again.stderr]).toEqual([0, ""]);
  expect(again.stdout).toContain('pairing.state: "paired"');

  const finish = await failback(deployed(recovering("paired")));
  expect(finish.stdout).toContain("take pairing.recovery away");
  const whole = await failback(deployed((stamp) => (stamp.primary = "centralus")));
  expect(whole.stdout).toContain("there is nothing to recover");
});

test("--move: copies have the message's own id, body and properties; nothing is left, and nothing of it is dead-lettered", async () => {
  put(KEPT, ["a", "b"]);
  const plan = await failback(failedOver, ["--move", "--plan"]);
  expect([plan.status, heldBy(EAST)]).toEqual([0, 2]);
  expect(plan.stdout).toContain("sequence number, enqueued time, delivery count and time to live begin anew");
  const { status, stdout, stderr } = await failback(failedOver, ["--move", "--yes"]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(`✔ refused: 2 moved`);
  expect([heldBy(EAST), heldBy(CENTRAL)]).toEqual([0, 2]);
  const moved = queueOf(CENTRAL).peek(1, 10);
  expect(moved.map(({ content }) => content.messageId)).toEqual(["a", "b"]);
});

test("a move that is killed in the middle and run again leaves each message once", async () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => `message-${index}`);
  put(KEPT, ids);
  const run = await onCall.start("failback", ["--move", "--yes", "--rate", "10000"], {
    principalId: ON_CALL,
    topology: failedOver,
  });
  while (heldBy(EAST) > 1_500) await pause(10);
  run.kill();
  await run.ended;
  expect(heldBy(EAST)).toBeGreaterThan(0);
  queueOf(EAST).loseLocks();
  expect((await failback(failedOver, ["--move", "--yes", "--rate", "10000"])).status).toBe(0);
  expect(heldBy(EAST)).toBe(0);
  const found = queueOf(CENTRAL)
    .peek(1, 5_000)
    .map(({ content }) => content.messageId);
  expect([found.length, new Set(found).size]).toEqual([ids.length, ids.length]);
});

test("killed when an entity is closed, when one is deleted, and when the pairing is asked for: the next run goes on", async () => {
  const unpaired = deployed(recovering("unpaired"));
  const moments = [() => !takesMessages(), () => entitiesIn(EAST).length < 3, () => alias()[1] !== undefined];
  for (const isReached of moments) {
    const run = await onCall.start("failback", ["--yes", "--wait", "60"], {
      principalId: ON_CALL,
      topology: unpaired,
    });
    while (!isReached()) await pause(1);
    run.kill();
    expect((await run.ended).status).toBeNull();
  }
  const { status, stdout, stderr } = await failback(unpaired, ["--yes", "--wait", "60"]);
  expect([status, stderr, alias()]).toEqual([0, "", [CENTRAL, EAST]]);
  expect(stdout).toContain('pairing.state: "paired"');
});

test("what a killed run closed is opened again where a message is found; --move takes it out of the way", async () => {
  const unpaired = deployed(recovering("unpaired"));
  const run = await onCall.start("failback", ["--yes", "--wait", "60"], { principalId: ON_CALL, topology: unpaired });
  while (takesMessages()) await pause(1);
  run.kill();
  await run.ended;
  put(KEPT, ["late"]);
  const refused = await failback(unpaired, ["--yes"]);
  expect([refused.status, takesMessages(), entitiesIn(EAST).length]).toEqual([1, true, 3]);
  const { status, stdout, stderr } = await failback(unpaired, ["--move", "--yes", "--wait", "60"]);
  expect([status, stderr, alias(), heldBy(CENTRAL)]).toEqual([0, "", [CENTRAL, EAST], 1]);
  expect(stdout).toContain("✔ refused: 1 moved");
});

test("an entity that lets no receiver in is looked into before it is deleted", async () => {
  await onCall.stop();
  onCall = await OnCallUnderTest.start(
    deployed((stamp) => {
      stamp.queues?.push({ name: "paused", status: "Disabled" });
      stamp.topics?.push({ name: "topic2", subscriptions: [{ name: "paused", status: "Disabled" }] });
    }),
  );
  onCall.local.azure.failOver("lockdown-pc");
  const paused = deployed((stamp) => {
    recovering("unpaired")(stamp);
    stamp.queues?.push({ name: "paused", status: "Disabled" });
    stamp.topics?.push({ name: "topic2", subscriptions: [{ name: "paused", status: "Disabled" }] });
  });
  const own = onCall.local.broker
    .entities(EAST)
    .all()
    .find(({ path }) => path === "paused");
  own?.enqueue(Content.of(message.encode({ message_id: "kept", body: "kept" })));
  const refused = await failback(paused, ["--yes"]);
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("paused: 1 active")]);
  expect(own?.settings.status).toBe("Disabled");
  own?.close();
  const { status, stderr } = await failback(paused, ["--yes", "--wait", "60"]);
  expect([status, stderr, alias()]).toEqual([0, "", [CENTRAL, EAST]]);
}, 60_000);

test("a message that comes after the edit keeps its entity: nothing is deleted, and senders are let in again", async () => {
  put(KEPT, ["late"]);
  const { status, stderr } = await failback(deployed(recovering("unpaired")), ["--yes"]);
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining(`${EAST} is not empty, and nothing was deleted:\n    refused: 1 active`),
  ]);
  expect([entitiesIn(EAST).length, alias()]).toEqual([3, [CENTRAL, undefined]]);
  expect(() => {
    onCall.local.broker.entities(EAST).sendable(KEPT);
  }).not.toThrow();
});

test("messages flow through the new pair, and the ledger balances", async () => {
  await flow.posting.post({ count: 20, batch: 5, region: "eastus2" });
  expect((await failback(deployed(recovering("unpaired")), ["--yes", "--wait", "60"])).status).toBe(0);
  await flow.posting.post({ count: 20, batch: 5, region: "eastus2" });
  expect(await flow.draining.drained(60_000)).toBe(true);
  expect(flow.observing.ledger().balanced).toBe(true);
});

test("what cannot be done is one clear error, and nothing is changed", async () => {
  put(KEPT, ["a"]);
  const unpaired = deployed(recovering("unpaired"));
  const elsewhere = deployed((stamp) => {
    recovering("unpaired", "lockdown-pc-eastus2-b")(stamp);
    stamp.primary = "eastus2";
  });
  const grown = deployed((stamp) => {
    if (stamp.pairing) stamp.pairing.state = "failed-over";
    stamp.queues?.push({ name: "extra" });
  });
  const twoStamps = topologyWith((_, input) => {
    secondStamp(input, "blue", 10);
    firstStamp(input).name = "green";
  });
  // The pair that the recovery made has failed over once more.
  const again = deployed((stamp) => {
    recovering("unpaired")(stamp);
    stamp.primary = "eastus2";
    if (stamp.pairing) stamp.pairing.recovery = { from: CENTRAL };
  });
  const stranger = "00000000-1111-2222-3333-444444444444";
  const cases = [
    [failedOver, ["--move"], {}, 2, "There is no terminal to ask on, and nothing was changed: add --yes."],
    [
      failedOver,
      ["--move", "--yes"],
      { isOutside: true },
      3,
      "This host is not in the network, and nothing was changed",
    ],
    [failedOver, ["--move", "--yes"], { principalId: stranger }, 1, "access.operators.principals"],
    [unpaired, ["--yes"], { isOutside: true }, 3, "This host is not in the network, and nothing was changed"],
    [unpaired, ["--yes"], { principalId: stranger }, 1, "nothing was deleted"],
    [elsewhere, ["--yes"], {}, 1, `set primary to "centralus"`],
    [again, ["--yes"], {}, 1, "Take pairing.recovery away"],
    [twoStamps, ["--yes"], {}, 2, "The topology has several stamps: name one by --stamp"],
    [grown, [], {}, 0, ""],
    [deployed(recovering("unpaired", "another-one")), ["--yes"], {}, 0, ""],
  ] as const;
  for (const [topology, args, options, expected, text] of cases) {
    const { status, stderr } = await failback(topology, args, options);
    expect([status, stderr]).toEqual([expected, expect.stringContaining(text)]);
    expect([heldBy(EAST), entitiesIn(EAST).length, alias()]).toEqual([1, 3, [CENTRAL, undefined]]);
  }
});
