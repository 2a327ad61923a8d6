import { type LedgerInput, ledgerOf } from "../../../local/flow/ledger";
import type { Processed } from "../../../local/flow/processed";
import type { Attempt, PostedMessage } from "../../../local/flow/posted";

const accepted = (at = 10): Attempt => ({ began: at - 5, at, outcome: "accepted", status: 202 });
const unconfirmed = (at: number): Attempt => ({ began: at - 5, at, outcome: "unconfirmed", status: 503 });
const submission = (id: string, ...attempts: Attempt[]): PostedMessage => ({ id, entity: "queue1", attempts });
const processed = (messageId: string, more: Partial<Processed> = {}): Processed => ({
  messageId,
  entity: "queue1",
  deliveryCount: 1,
  region: "east",
  instance: "east-1",
  at: 20,
  ...more,
});

function ledger(input: Partial<LedgerInput>) {
  return ledgerOf({
    posted: [],
    processed: [],
    deadLetters: [],
    redeliveries: [],
    faults: [],
    destinations: (entity) => (entity === "queue1" ? [{ source: "queue1", certain: true }] : []),
    stranded: [],
    primaryAway: false,
    ...input,
  });
}

const redelivery = {
  namespace: "n",
  entity: "queue1",
  messageId: "a",
  region: "east",
  cause: "lock lost",
  at: 30,
} as const;
const cut = { at: 7, region: "east", what: "a cut connection", endsSends: true };

test("what is accepted and processed once balances", () => {
  expect(ledger({ posted: [submission("a", accepted())], processed: [processed("a")] })).toMatchObject({
    posted: 1,
    accepted: 1,
    processed: { east: { "east-1": 1 } },
    repeated: [],
    lost: [],
    balanced: true,
  });
});

test.each<[string, Partial<LedgerInput>, object]>([
  ["is accepted and processed nowhere", { posted: [submission("a", accepted())] }, { lost: ["a at queue1"] }],
  ["is never confirmed", { posted: [submission("a", unconfirmed(10))] }, { unconfirmed: ["a"] }],
  [
    "is refused",
    { posted: [submission("a", { began: 1, at: 2, outcome: "refused", status: 413 })] },
    { refused: 1, lost: [] },
  ],
  ["was never posted", { processed: [processed("ghost")] }, { unknown: ["ghost at queue1"] }],
  [
    "is processed where it does not belong",
    { posted: [submission("a", accepted())], processed: [processed("a"), processed("a", { entity: "queue2" })] },
    { unknown: ["a at queue2"] },
  ],
  [
    "is processed twice without a cause",
    { posted: [submission("a", accepted())], processed: [processed("a"), processed("a", { deliveryCount: 2 })] },
    { repeated: [expect.not.objectContaining({ cause: expect.anything() as unknown })] },
  ],
  [
    "is processed twice as the same delivery, beside other redeliveries",
    {
      posted: [submission("a", accepted())],
      processed: [processed("a", { deliveryCount: 2 }), processed("a", { deliveryCount: 2 })],
      redeliveries: [redelivery, redelivery],
    },
    { repeated: [expect.not.objectContaining({ cause: expect.anything() as unknown })] },
  ],
  [
    "is processed in two regions though nothing was cut",
    {
      posted: [submission("a", unconfirmed(10), accepted(20))],
      processed: [processed("a"), processed("a", { region: "central" })],
    },
    { repeated: [expect.not.objectContaining({ cause: expect.anything() as unknown })] },
  ],
  [
    "lies in a dead-letter queue",
    {
      posted: [submission("a", accepted())],
      deadLetters: [{ messageId: "a", source: "queue1", region: "east", reason: "MaxDeliveryCountExceeded" }],
    },
    { lost: [] },
  ],
])("a message that %s does not balance", (_what, input, expected) => {
  expect(ledger(input)).toMatchObject({ ...expected, balanced: false });
});

test("a repetition is explained by the redelivery that brought it", () => {
  const { repeated, balanced } = ledger({
    posted: [submission("a", accepted())],
    processed: [processed("a"), processed("a", { deliveryCount: 2, instance: "east-2" })],
    redeliveries: [redelivery],
  });
  expect(repeated).toEqual([
    { messageId: "a", source: "queue1", times: 2, where: ["east-1", "east-2"], cause: "redelivered: lock lost" },
  ]);
  expect(balanced).toBe(true);
});

test("a session that is closed explains a second delivery of the same count, and no third", () => {
  const repeatedAfter = (times: number) =>
    ledger({
      posted: [submission("a", accepted())],
      processed: Array.from({ length: times }, () => processed("a")),
      redeliveries: [{ ...redelivery, cause: "session closed" }],
    });
  expect(repeatedAfter(2).repeated[0]?.cause).toBe("redelivered: session closed");
  expect(repeatedAfter(3).balanced).toBe(false);
});

test.each([
  ["a cut before it", [cut], "redelivered: lock expired after a cut connection"],
  ["a cut in another region", [{ ...cut, region: "central" }], "redelivered: lock expired"],
  ["a cut after it", [{ ...cut, at: 31 }], "redelivered: lock expired"],
])("an expired lock is reported with %s", (_what, faults, cause) => {
  const { repeated } = ledger({
    posted: [submission("a", accepted())],
    processed: [processed("a"), processed("a", { deliveryCount: 2 })],
    redeliveries: [{ ...redelivery, cause: "lock expired" }],
    faults,
  });
  expect(repeated[0]?.cause).toBe(cause);
});

test("a killed consumer explains no message in two regions: it sends nothing", () => {
  const { balanced } = ledger({
    posted: [submission("a", accepted(10))],
    processed: [processed("a"), processed("a", { region: "central" })],
    faults: [{ ...cut, what: "a killed consumer", endsSends: false }],
  });
  expect(balanced).toBe(false);
});

test.each([
  ["the client", [unconfirmed(10), accepted(20)]],
  ["the producer's SDK", [accepted(10)]],
])("a message in two regions is explained where %s sent it again over a cut", (who, attempts) => {
  const { repeated, balanced } = ledger({
    posted: [submission("a", ...attempts)],
    processed: [processed("a"), processed("a", { region: "central", instance: "central-1" })],
    faults: [cut],
  });
  expect(repeated[0]?.cause).toContain(`sent again to the other by ${who}`);
  expect(balanced).toBe(true);
});

test("what is stranded is named and not lost, while the primary is away; afterwards it is", () => {
  const input = { posted: [submission("a", accepted())], stranded: ["a"] };
  expect(ledger({ ...input, primaryAway: true })).toMatchObject({ stranded: ["a"], lost: [], balanced: true });
  expect(ledger({ ...input, primaryAway: false })).toMatchObject({ lost: ["a at queue1"], balanced: false });
});

test("sources that got nothing, messages that no subscription took, and paused entities are shown", () => {
  const filtered = ledger({
    posted: [submission("a", accepted()), submission("b", accepted())],
    processed: [processed("a", { entity: "topic1/red" })],
    sources: ["topic1/red", "topic1/blue"],
    paused: ["parked (Disabled)"],
    destinations: () => ["red", "blue"].map((name) => ({ source: `topic1/${name}`, certain: false })),
  });
  expect(filtered).toMatchObject({
    processedFrom: { "topic1/red": 1, "topic1/blue": 0 },
    untaken: ["b"],
    paused: ["parked (Disabled)"],
    lost: [],
    balanced: true,
  });
});

test("what process() refused for good is not lost, and the ledger does not balance", () => {
  const refusedForGood = [{ messageId: "a", source: "queue1", region: "east", reason: "Never: no such customer" }];
  expect(ledger({ posted: [submission("a", accepted())], refusedForGood })).toMatchObject({
    lost: [],
    refusedForGood,
    untaken: [],
    balanced: false,
  });
});

test("a redelivery of a copy that a deferral made explains a repetition of its message", () => {
  expect(
    ledger({
      posted: [submission("a", accepted())],
      processed: [processed("a"), processed("a", { deliveryCount: 2 })],
      redeliveries: [{ ...redelivery, messageId: "a~1" }],
    }),
  ).toMatchObject({ repeated: [{ cause: "redelivered: lock lost" }], balanced: true });
});

describe("an entity without duplicate detection holds a message twice that was sent twice", () => {
  const posted = [submission("a", unconfirmed(8), accepted(12))];
  const twice = [processed("a"), processed("a")];

  test("where a fault ended the first send, that is the cause", () => {
    const { repeated, balanced } = ledger({ posted, processed: twice, faults: [cut], dropsDuplicates: () => false });
    expect(repeated).toEqual([
      expect.objectContaining({ cause: "sent again by the client to an entity without duplicate detection" }),
    ]);
    expect(balanced).toBe(true);
  });

  test("where the answer came after the SDK had stopped waiting for it, that is the cause", () => {
    const { repeated, balanced } = ledger({
      posted: [submission("a", { began: 0, at: 8_200, outcome: "accepted", status: 202 })],
      processed: twice,
      dropsDuplicates: () => false,
    });
    expect(repeated[0]?.cause).toContain("sent again by the producer's SDK, after an answer that came too late");
    expect(balanced).toBe(true);
  });

  test.each([
    ["with duplicate detection", { faults: [cut], dropsDuplicates: () => true }],
    ["without a fault", { faults: [], dropsDuplicates: () => false }],
  ])("%s there is none", (_, more) => {
    const { repeated, balanced } = ledger({ posted, processed: twice, ...more });
    expect(repeated[0]?.cause).toBeUndefined();
    expect(balanced).toBe(false);
  });
});

test("a dead letter that is forwarded is accounted for where it is processed, and lost where it is not", () => {
  const input: Partial<LedgerInput> = {
    posted: [submission("a", accepted())],
    destinations: () => [{ source: "queue1", certain: true, deadLettersTo: ["dead"] }],
  };
  expect(ledger({ ...input, processed: [processed("a", { entity: "dead" })] })).toMatchObject({
    lost: [],
    unknown: [],
  });
  expect(ledger(input)).toMatchObject({ lost: ["a at queue1"] });
});
