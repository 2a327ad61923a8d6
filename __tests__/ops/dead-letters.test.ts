import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { message } from "rhea";
import { MessageFlow } from "../../local/flow/message-flow";
import { Content } from "../../local/service-bus/entities/content";
import { freshFolder } from "../support/local";
import { OnCallUnderTest } from "../support/on-call";
import { ON_CALL, topologyWith, withOperators } from "../support/topologies";

// Commands are processes of their own, on a machine that may be busy.
jest.setTimeout(240_000);

const EAST = "lockdown-pc-eastus2";
const QUEUE = "queue1";
const SUBSCRIPTION = "topic1/subscription1";

let onCall: OnCallUnderTest;
let flow: MessageFlow;
beforeEach(async () => {
  const topology = topologyWith((stamp) => {
    withOperators(stamp);
    stamp.topics?.[0]?.subscriptions?.push(
      { name: "audit" },
      { name: "blue", rules: [{ name: "paint", sqlFilter: "colour = 'red'", action: "SET colour = 'blue'" }] },
    );
  });
  onCall = await OnCallUnderTest.start(topology);
  flow = MessageFlow.ofOnlyStamp(onCall.local);
});
afterEach(async () => {
  expect(onCall.local.failures()).toEqual([]);
  await onCall.stop();
});

const deadLetters = (args: readonly string[], options: Parameters<OnCallUnderTest["run"]>[2] = {}) =>
  onCall.run("dead-letters", args, { principalId: ON_CALL, ...options });

const pathOf = (entity: string) => entity.replace("/", "/subscriptions/");

function queueOf(entity: string) {
  return onCall.local.broker.entities(EAST).receivable(`${pathOf(entity)}/$DeadLetterQueue`);
}

/** Puts dead letters where Service Bus puts them. */
function put(entity: string, ids: readonly string[], reason = "MaxDeliveryCountExceeded"): void {
  for (const id of ids) {
    const bytes = message.encode({
      message_id: id,
      subject: "order",
      body: message.data_section(Buffer.from(`{"n": 9007199254740993, "id": "${id}"}`)) as unknown,
      application_properties: { colour: "red", DeadLetterReason: reason, DeadLetterErrorDescription: "in a test" },
    });
    queueOf(entity).enqueue(Content.of(bytes));
    flow.posting.posted.begin(id, entity.split("/")[0] ?? "");
    flow.posting.posted.note(id, { began: Date.now(), at: Date.now(), outcome: "accepted" });
  }
}

/** Another receiver's locks on so many of the dead letters. @returns how to end them */
function hold(entity: string, count: number): () => void {
  const queue = queueOf(entity);
  const tokens: string[] = [];
  queue.attach({
    mode: "peek-lock",
    credit: () => count - tokens.length,
    deliver: ({ lock }) => tokens.push(lock?.token ?? ""),
    end: () => undefined,
  });
  const renewing = setInterval(() => {
    for (const token of tokens) queue.renew(token);
  }, 5_000);
  return () => {
    clearInterval(renewing);
    for (const token of tokens) queue.settle(token, { outcome: "release" });
  };
}

const left = (entity: string) => queueOf(entity).counts.active;

async function processed(count: number): Promise<void> {
  for (const until = Date.now() + 90_000; Date.now() < until && flow.observing.processedCount < count;)
    await pause(100);
}

test("list counts by reason and age; bodies are printed where they are asked for", async () => {
  expect((await deadLetters(["list"])).stdout).toBe("There is no dead letter.\n");
  put(QUEUE, ["a", "b"]);
  put(QUEUE, ["c"], "TTLExpiredException");
  put(SUBSCRIPTION, ["d"]);
  const { status, stdout, stderr } = await deadLetters(["list"]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/lockdown-pc-eastus2 +queue1 +MaxDeliveryCountExceeded +2 +\d+ s +\d+ s/);
  expect(stdout).toMatch(/lockdown-pc-eastus2 +queue1 +TTLExpiredException +1 /);
  expect(stdout).toMatch(/lockdown-pc-eastus2 +topic1\/subscription1 +MaxDeliveryCountExceeded +1 /);
  expect(stdout).not.toContain("9007199254740993");
  const bodies = await deadLetters(["list", QUEUE, "--bodies"]);
  expect(bodies.stdout).toContain(String.raw`"body":"{\"n\": 9007199254740993, \"id\": \"a\"}"`);
  expect(left(QUEUE)).toBe(3);
});

test("redrive: the sender's id arrives, the body byte for byte, and the queue is empty; a second run finds nothing", async () => {
  put(QUEUE, ["a", "b", "c"]);
  const plan = await deadLetters(["redrive", QUEUE, "--plan"]);
  expect([plan.status, left(QUEUE)]).toEqual([0, 3]);
  expect(plan.stdout).toContain("3 of them are sent again to queue1, 50 a second at most");
  const { status, stdout, stderr } = await deadLetters(["redrive", QUEUE, "--yes"]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("✔ 3 sent again to queue1");
  await processed(3);
  expect(left(QUEUE)).toBe(0);
  expect(flow.observing.ledger()).toMatchObject({ lost: [], repeated: [] });
  const again = await deadLetters(["redrive", QUEUE, "--yes"]);
  expect([again.status, again.stdout]).toEqual([0, "queue1 has no dead letter.\n"]);
});

test("killed in the middle of 10,000 and run again: each is processed once, and none is lost", async () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `letter-${index}`);
  put(QUEUE, ids);
  const run = await onCall.start("dead-letters", ["redrive", QUEUE, "--yes", "--rate", "10000"], {
    principalId: ON_CALL,
  });
  while (left(QUEUE) > 7_000) await pause(10);
  run.kill();
  await run.ended;
  expect(left(QUEUE)).toBeGreaterThan(0);
  queueOf(QUEUE).loseLocks();
  const { status } = await deadLetters(["redrive", QUEUE, "--yes", "--rate", "10000"]);
  expect(status).toBe(0);
  await processed(ids.length);
  expect(left(QUEUE)).toBe(0);
  const { lost, repeated } = flow.observing.ledger();
  expect([lost, repeated]).toEqual([[], []]);
});

test("what another receiver holds is not received, and that is said", async () => {
  put(QUEUE, ["a", "b", "c"]);
  const release = hold(QUEUE, 2);
  const { status, stdout, stderr } = await deadLetters(["redrive", QUEUE, "--yes"]);
  release();
  expect([status, left(QUEUE)]).toEqual([1, 2]);
  expect(stdout).toContain("✔ 1 sent again to queue1");
  expect(stderr).toMatch(/^2 were not received: another receiver holds them/);
  await processed(1);
  expect(flow.observing.ledger()).toMatchObject({ repeated: [] });
});

test("a topic sends to every subscription, and the command asks for that to be meant", async () => {
  put(SUBSCRIPTION, ["a"]);
  const refused = await deadLetters(["redrive", SUBSCRIPTION, "--yes"]);
  expect([refused.status, left(SUBSCRIPTION)]).toEqual([2, 1]);
  expect(refused.stderr).toContain(
    `audit, blue would get the messages of ${SUBSCRIPTION} once more. No message was sent. If they may: --all-subscriptions.`,
  );
  const meant = await deadLetters(["redrive", SUBSCRIPTION, "--yes", "--all-subscriptions"]);
  expect([meant.status, left(SUBSCRIPTION)]).toEqual([0, 0]);
});

test("a subscription's rules choose and change: the command asks for that to be meant", async () => {
  put("topic1/blue", ["a"]);
  const refused = await deadLetters(["redrive", "topic1/blue", "--yes", "--all-subscriptions"]);
  expect([refused.status, left("topic1/blue")]).toEqual([2, 1]);
  expect(refused.stderr).toContain("A copy goes through the rules of topic1/blue once more (paint)");
  const plan = await deadLetters(["redrive", "topic1/blue", "--plan"]);
  expect(plan.stdout).toContain("It goes through the rules paint: a copy that none of them matches is dropped.");
});

test("messages that could not be forwarded are listed and redriven where that is asked for", async () => {
  const transfer = onCall.local.broker.entities(EAST).receivable(`${QUEUE}/$Transfer/$DeadLetterQueue`);
  transfer.enqueue(
    Content.of(message.encode({ message_id: "t", body: message.data_section(Buffer.from("{}")) as unknown })),
  );
  expect((await deadLetters(["list"])).stdout).toBe("There is no dead letter.\n");
  expect((await deadLetters(["list", "--transfer"])).stdout).toMatch(/queue1 +no reason +1 /);
  const { status, stderr } = await deadLetters(["redrive", QUEUE, "--transfer", "--yes"]);
  expect([status, stderr, transfer.counts.active]).toEqual([0, "", 0]);
});

test("export writes a line for each, and takes away what is on the disk where that is asked for", async () => {
  put(QUEUE, ["a", "b"]);
  const file = join(freshFolder(), "letters.jsonl");
  const kept = await deadLetters(["export", QUEUE, "--to", file]);
  expect([kept.status, kept.stderr, left(QUEUE)]).toEqual([0, "", 2]);
  const lines = () =>
    readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  expect(lines()).toEqual([
    expect.objectContaining({ entity: QUEUE, messageId: "a", reason: "MaxDeliveryCountExceeded", subject: "order" }),
    expect.objectContaining({ messageId: "b", body: '{"n": 9007199254740993, "id": "b"}' }),
  ]);
  expect((await deadLetters(["export", QUEUE, "--to", file])).stderr).toContain("is there already");
  const other = join(freshFolder(), "taken.jsonl");
  const taken = await deadLetters(["export", QUEUE, "--to", other, "--remove", "--yes"]);
  expect([taken.status, left(QUEUE), existsSync(other)]).toEqual([0, 0, true]);
  // An earlier run was ended within a line: the next line is whole all the same.
  put(QUEUE, ["c"]);
  writeFileSync(other, '{"half":');
  const plan = await deadLetters(["export", QUEUE, "--to", other, "--remove", "--plan"]);
  expect([plan.status, left(QUEUE)]).toEqual([0, 1]);
  expect((await deadLetters(["export", QUEUE, "--to", other, "--remove", "--yes"])).status).toBe(0);
  const [half, whole] = readFileSync(other, "utf8").split("\n");
  expect([half, JSON.parse(whole ?? "")]).toEqual(['{"half":', expect.objectContaining({ messageId: "c" })]);
});

test("what cannot be done is one clear error, and nothing is changed", async () => {
  put(QUEUE, ["a"]);
  const cases = [
    [["redrive", QUEUE], {}, 2, "There is no terminal to ask on, and nothing was changed: add --yes."],
    [["redrive", QUEUE, "--yes"], { isOutside: true }, 3, "This host is not in the network, and nothing was changed"],
    [
      ["redrive", QUEUE, "--yes"],
      { principalId: "00000000-1111-2222-3333-444444444444" },
      1,
      "access.operators.principals",
    ],
    [
      ["redrive", "other", "--yes"],
      {},
      2,
      'There is no queue or subscription "other", only queue1, topic1/audit, topic1/blue, topic1/subscription1',
    ],
    [["list", "--region", "westus"], {}, 2, "The stamp has no namespace in westus"],
  ] as const;
  for (const [args, options, expected, text] of cases) {
    const { status, stderr } = await deadLetters(args, options);
    expect([status, stderr]).toEqual([expected, expect.stringContaining(text)]);
    expect(left(QUEUE)).toBe(1);
  }
});
