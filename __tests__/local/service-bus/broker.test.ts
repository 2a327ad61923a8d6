import { EventEmitter } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ServiceBusReceiver } from "@azure/service-bus";
import Long from "long";
import { type EventContext, types } from "rhea";
import { reportingWrites } from "../../../local/service-bus/amqp/listening";
import { brokerWith, type BrokerUnderTest, idOf, messagingOnly, queue, topic } from "../../support/local";
import { nextFrom, PlainClient, plainConnection, settledWith } from "../../support/plain-amqp";

let under: BrokerUnderTest;

const QUEUES = [
  queue(),
  queue({ name: "unique", duplicateWindowMs: 60_000 }),
  queue({ name: "ordered", requiresSession: true, lockDurationMs: 1_000 }),
  queue({ name: "brief", timeToLiveMs: 200 }),
  queue({ name: "brief-dropped", timeToLiveMs: 200, deadLetterOnExpiration: false }),
  queue({ name: "quick-lock", lockDurationMs: 300 }),
  queue({ name: "steady-lock", lockDurationMs: 2_000 }),
  queue({ name: "small", maxSizeBytes: 2_000 }),
  queue({ name: "closed", status: "SendDisabled" }),
  queue({ name: "forwarding", forwardTo: "target" }),
  queue({ name: "target" }),
  queue({ name: "forwarding-dead", forwardDeadLetteredTo: "target" }),
  queue({ name: "forwarding-nowhere", forwardTo: "closed" }),
];

beforeAll(async () => {
  under = await brokerWith(messagingOnly(QUEUES, [topic({ duplicateWindowMs: 60_000 })]));
});
afterAll(() => under.stop());

const send = (entity: string, ...messages: Parameters<ReturnType<typeof sender>["sendMessages"]>[0][]) =>
  sender(entity).sendMessages(messages.flat() as never);
const sender = (entity: string) => under.client("sender").createSender(entity);
const receiver = (entity: string, options: object = {}) => under.client("receiver").createReceiver(entity, options);
const take = (from: ServiceBusReceiver, count = 20, maxWaitTimeInMs = 300) =>
  from.receiveMessages(count, { maxWaitTimeInMs });
const dead = (entity: string) => receiver(entity, { subQueueType: "deadLetter" });

describe("peek-lock", () => {
  test("a message keeps its body, its properties and their types", async () => {
    const properties = { text: "t", whole: 42, fraction: 1.5, yes: true };
    await send("queue1", {
      body: { deep: [1, { x: null }] },
      messageId: "m-1",
      correlationId: "c-1",
      subject: "s",
      contentType: "application/json",
      applicationProperties: properties,
    });
    const queue1 = receiver("queue1");
    const [message] = await take(queue1, 1);
    expect(message).toMatchObject({
      body: { deep: [1, { x: null }] },
      messageId: "m-1",
      correlationId: "c-1",
      subject: "s",
      contentType: "application/json",
      applicationProperties: properties,
      deliveryCount: 0,
      state: "active",
    });
    await queue1.completeMessage(message as never);
    expect(await take(queue1)).toHaveLength(0);
  });

  test("what is abandoned comes back in its old place, with its count and what was changed", async () => {
    await send("queue1", { body: 1, messageId: "a" }, { body: 2, messageId: "b" });
    const queue1 = receiver("queue1");
    const [first] = await take(queue1, 1);
    await queue1.abandonMessage(first as never, { why: "busy" });
    const again = await take(queue1);
    expect(again.map(({ messageId, deliveryCount }) => [messageId, deliveryCount])).toEqual([
      ["a", 1],
      ["b", 0],
    ]);
    expect(again[0]?.applicationProperties).toEqual({ why: "busy" });
    for (const message of again) await queue1.completeMessage(message);
  });

  test("giving a message back in a dead-letter queue counts no delivery", async () => {
    await send("target", { body: 1, messageId: "buried" });
    const target = receiver("target");
    const [message] = await take(target, 1);
    await target.deadLetterMessage(message as never);
    const graves = dead("target");
    const counts: unknown[] = [];
    for (let delivery = 0; delivery < 5; delivery += 1) {
      const [buried] = await take(graves, 1);
      counts.push(buried?.deliveryCount);
      if (delivery < 4) await graves.abandonMessage(buried as never);
      else await graves.completeMessage(buried as never);
    }
    expect(counts).toEqual(Array<unknown>(5).fill(counts[0]));
  });

  test("AMQP's released gives a message back and counts no delivery", async () => {
    await send("target", { body: 1, messageId: "released" });
    await releaseOne("target");
    const target = receiver("target");
    const [again] = await take(target, 1);
    expect(again).toMatchObject({ messageId: "released", deliveryCount: 0 });
    await target.completeMessage(again as never);
  });

  test("a plain message tells no state and no earlier number; one that was scheduled or forwarded tells its own", async () => {
    const annotations = async (entity: string) => {
      const from = receiver(entity, { receiveMode: "receiveAndDelete" });
      const [message] = await take(from, 1);
      return { state: message?.state, earlier: message?.enqueuedSequenceNumber, raw: message?._rawAmqpMessage };
    };
    await send("queue1", { body: 1 });
    const plain = await annotations("queue1");
    expect(plain).toMatchObject({ state: "active", earlier: undefined });
    expect(Object.keys(plain.raw?.messageAnnotations ?? {})).not.toContain("x-opt-message-state");
    const [scheduledAs] = await sender("queue1").scheduleMessages({ body: 1 }, new Date(Date.now() + 200));
    await new Promise((done) => setTimeout(done, 250));
    const due = await annotations("queue1");
    expect([due.state, String(due.earlier)]).toEqual(["scheduled", String(scheduledAs)]);
    await send("target", { body: 1 });
    await annotations("target");
    await send("forwarding", { body: 1 });
    expect((await annotations("target")).earlier).toBeDefined();
  });

  test("who schedules a duplicate gets a number, and the message comes once", async () => {
    const when = new Date(Date.now() + 300);
    const numbers = await sender("unique").scheduleMessages(
      [
        { body: 1, messageId: "planned" },
        { body: 1, messageId: "planned" },
      ],
      when,
    );
    expect(new Set(numbers.map(String)).size).toBe(2);
    await new Promise((done) => setTimeout(done, 350));
    expect(await take(receiver("unique", { receiveMode: "receiveAndDelete" }))).toHaveLength(1);
  });

  test("after its maximum of deliveries a message is dead-lettered with the reason", async () => {
    await send("queue1", { body: 1, messageId: "poison" });
    const queue1 = receiver("queue1");
    for (let delivery = 0; delivery < 3; delivery += 1) {
      const [message] = await take(queue1, 1);
      await queue1.abandonMessage(message as never);
    }
    expect(await take(queue1)).toHaveLength(0);
    const [buried] = await take(dead("queue1"), 1);
    expect(buried).toMatchObject({
      messageId: "poison",
      deadLetterReason: "MaxDeliveryCountExceeded",
    });
  });

  test("a receiver can dead-letter by itself, and complete in the dead-letter queue", async () => {
    await send("target", { body: 1, messageId: "bad" });
    const target = receiver("target");
    const [message] = await take(target, 1);
    await target.deadLetterMessage(message as never, {
      deadLetterReason: "mine",
      deadLetterErrorDescription: "because",
    });
    const graves = dead("target");
    const [buried] = await take(graves, 1);
    expect(buried).toMatchObject({ deadLetterReason: "mine", deadLetterErrorDescription: "because" });
    await graves.completeMessage(buried as never);
    expect(await take(graves)).toHaveLength(0);
  });

  test("a deferred message is received by its number only", async () => {
    await send("target", { body: 1, messageId: "later" });
    const target = receiver("target");
    const [message] = await take(target, 1);
    await target.deferMessage(message as never);
    expect(await take(target)).toHaveLength(0);
    const [deferred] = await target.receiveDeferredMessages([message?.sequenceNumber ?? Long.ZERO]);
    expect(deferred).toMatchObject({ messageId: "later", state: "deferred" });
    await target.completeMessage(deferred as never);
    await expect(target.receiveDeferredMessages([message?.sequenceNumber ?? Long.ZERO])).rejects.toMatchObject({
      code: "MessageNotFound",
    });
  });

  test("a lock that expires gives the message to another receiver, and completion is refused", async () => {
    await send("quick-lock", { body: 1, messageId: "slow" });
    const slow = receiver("quick-lock", { maxAutoLockRenewalDurationInMs: 0 });
    const [message] = await take(slow, 1);
    const [again] = await take(receiver("quick-lock"), 1, 2_000);
    expect(again).toMatchObject({ messageId: "slow", deliveryCount: 1 });
    await expect(slow.completeMessage(message as never)).rejects.toMatchObject({ code: "MessageLockLost" });
    expect(under.broker.redeliveries).toContainEqual({
      namespace: "primary",
      entity: "quick-lock",
      messageId: "slow",
      cause: "lock expired",
      at: expect.any(Number) as number,
    });
  });

  test("of two messages that are settled at once, each gets its own answer", async () => {
    await send("quick-lock", { body: 1, messageId: "held" }, { body: 2, messageId: "lost" });
    const holder = receiver("quick-lock", { maxAutoLockRenewalDurationInMs: 0 });
    const [held, lost] = await take(holder, 2);
    for (let renewal = 0; renewal < 4; renewal += 1) {
      await new Promise((done) => setTimeout(done, 100));
      await holder.renewMessageLock(held as never);
    }
    const settled = await Promise.allSettled([held, lost].map((each) => holder.completeMessage(each as never)));
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await take(receiver("quick-lock", { receiveMode: "receiveAndDelete" }))).toHaveLength(1);
  });

  test("what is dead-lettered without a word has no reason", async () => {
    await send("target", { body: 1, messageId: "wordless" });
    const target = receiver("target");
    const [message] = await take(target, 1);
    await target.deadLetterMessage(message as never);
    const [found] = await take(dead("target"), 1);
    expect(found).toMatchObject({ messageId: "wordless", deadLetterReason: undefined });
  });

  test("a renewed lock holds on", async () => {
    await send("steady-lock", { body: 1, messageId: "renewed" });
    const holder = receiver("steady-lock", { maxAutoLockRenewalDurationInMs: 0 });
    const [message] = await take(holder, 1, 1_000);
    for (let renewal = 0; renewal < 5; renewal += 1) {
      await new Promise((done) => setTimeout(done, 500));
      const until = await holder.renewMessageLock(message as never);
      expect(until.getTime()).toBeGreaterThan(Date.now());
    }
    await holder.completeMessage(message as never);
  });

  test("receive-and-delete takes at once", async () => {
    await send("target", { body: 1, messageId: "gone" });
    expect(await take(receiver("target", { receiveMode: "receiveAndDelete" }))).toHaveLength(1);
    expect(await take(receiver("target"))).toHaveLength(0);
  });

  test("peeking locks nothing and goes on from a number", async () => {
    await send("target", { body: 1, messageId: "p1" }, { body: 2, messageId: "p2" });
    const target = receiver("target");
    const [first] = await target.peekMessages(1);
    const [second] = await target.peekMessages(1);
    expect([first?.messageId, second?.messageId]).toEqual(["p1", "p2"]);
    expect(await take(receiver("target", { receiveMode: "receiveAndDelete" }))).toHaveLength(2);
  });
});

describe("sending", () => {
  test("a batch is one operation; over the limit of the entity it is refused", async () => {
    const batch = await sender("target").createMessageBatch();
    expect(batch.maxSizeInBytes).toBe(1_048_576);
    await expect(send("target", { body: Buffer.alloc(1_048_577) })).rejects.toMatchObject({
      code: "MessageSizeExceeded",
    });
  });

  test("a second message with an id in the window is dropped, and its sender does not learn it", async () => {
    await send("unique", { body: 1, messageId: "same" });
    await send("unique", { body: 2, messageId: "same" }, { body: 3, messageId: "other" });
    const found = await take(receiver("unique", { receiveMode: "receiveAndDelete" }));
    expect(found.map(({ messageId, body }) => [messageId, body as number])).toEqual([
      ["same", 1],
      ["other", 3],
    ]);
  });

  test("a message without an id gets one", async () => {
    await send("target", { body: 1 });
    const [message] = await take(receiver("target", { receiveMode: "receiveAndDelete" }), 1);
    expect(message?.messageId).toMatch(/^[0-9a-f]{32}$/);
  });

  test("a scheduled message comes when it is due, a cancelled one never", async () => {
    const scheduler = sender("target");
    const due = new Date(Date.now() + 3_000);
    const [, cancelled] = await scheduler.scheduleMessages(
      [
        { body: 1, messageId: "due" },
        { body: 2, messageId: "cancelled" },
      ],
      due,
    );
    await scheduler.cancelScheduledMessages(cancelled as never);
    const target = receiver("target", { receiveMode: "receiveAndDelete" });
    expect(await take(target, 20, 100)).toHaveLength(0);
    const found = await take(target, 1, 10_000);
    expect(found.map(({ messageId }) => messageId)).toEqual(["due"]);
    expect(found[0]?.enqueuedTimeUtc?.getTime()).toBeGreaterThanOrEqual(due.getTime());
  });

  test("a full entity refuses, and keeps what it has", async () => {
    await send("small", { body: "x".repeat(1_500), messageId: "fits" });
    await expect(send("small", { body: "x".repeat(1_500) })).rejects.toMatchObject({ code: "QuotaExceeded" });
    expect(await take(receiver("small", { receiveMode: "receiveAndDelete" }))).toHaveLength(1);
    await send("small", { body: "x".repeat(1_500) });
  });

  test("an expired message is dead-lettered, or dropped where the queue says so", async () => {
    await send("brief", { body: 1, messageId: "old" });
    await send("brief-dropped", { body: 1, messageId: "old" });
    await new Promise((done) => setTimeout(done, 350));
    expect(await take(receiver("brief"), 1, 100)).toHaveLength(0);
    expect((await take(dead("brief"), 1))[0]).toMatchObject({
      messageId: "old",
      deadLetterReason: "TTLExpiredException",
    });
    expect(await take(dead("brief-dropped"), 1, 100)).toHaveLength(0);
  });
});

describe("forwarding", () => {
  test("a queue hands on what it gets, and what is dead-lettered", async () => {
    await send("forwarding", { body: 1, messageId: "on" });
    await send("forwarding-dead", { body: 1, messageId: "dead" });
    const source = receiver("forwarding-dead");
    const [message] = await take(source, 1);
    await source.deadLetterMessage(message as never);
    const found = await take(receiver("target", { receiveMode: "receiveAndDelete" }));
    expect(found.map(({ messageId }) => messageId).sort()).toEqual(["dead", "on"]);
  });

  test("what cannot be handed on is in the transfer dead-letter queue", async () => {
    await send("forwarding-nowhere", { body: 1, messageId: "stuck" });
    const [stuck] = await take(receiver("forwarding-nowhere", { subQueueType: "transferDeadLetter" }), 1);
    expect(stuck?.messageId).toBe("stuck");
  });
});

describe("sessions", () => {
  test("a session has one receiver, its messages in order, and a state", async () => {
    await send(
      "ordered",
      { body: 1, messageId: "s1", sessionId: "red" },
      { body: 2, messageId: "s2", sessionId: "blue" },
      { body: 3, messageId: "s3", sessionId: "red" },
    );
    const red = await under.client("receiver").acceptSession("ordered", "red");
    await expect(under.client("receiver").acceptSession("ordered", "red")).rejects.toMatchObject({
      code: "SessionCannotBeLocked",
    });
    const found = await take(red);
    expect(found.map(({ messageId }) => messageId)).toEqual(["s1", "s3"]);
    await red.setSessionState({ step: 2 });
    expect(await red.getSessionState()).toEqual({ step: 2 });
    for (const message of found) await red.completeMessage(message);
    const next = await under.client("receiver").acceptNextSession("ordered");
    expect(next.sessionId).toBe("blue");
    const [blue] = await take(next);
    await next.completeMessage(blue as never);
    await Promise.all([red.close(), next.close()]);
    const reopened = await under.client("receiver").acceptSession("ordered", "red");
    expect(await reopened.getSessionState()).toEqual({ step: 2 });
    await reopened.close();
  });

  test("a session that is closed gives its messages back to the next one, and counts no delivery", async () => {
    await send("ordered", { body: 1, messageId: "kept", sessionId: "green" });
    const first = await under
      .client("receiver")
      .acceptSession("ordered", "green", { maxAutoLockRenewalDurationInMs: 0 });
    expect(await take(first)).toHaveLength(1);
    await first.close();
    const second = await under.client("receiver").acceptSession("ordered", "green");
    const [again] = await take(second);
    expect(again).toMatchObject({ messageId: "kept", deliveryCount: 0 });
    await second.completeMessage(again as never);
    await second.close();
  });

  test("a session whose lock expires counts a delivery", async () => {
    await send("ordered", { body: 1, messageId: "late", sessionId: "brown" });
    const first = await under
      .client("receiver")
      .acceptSession("ordered", "brown", { maxAutoLockRenewalDurationInMs: 0 });
    expect(await take(first)).toHaveLength(1);
    await new Promise((done) => setTimeout(done, 1_100));
    const second = await under.client("receiver").acceptSession("ordered", "brown");
    const [again] = await take(second);
    expect(again).toMatchObject({ messageId: "late", deliveryCount: 1 });
    await second.completeMessage(again as never);
    await second.close();
  });

  test("who asks for the next session waits for one", async () => {
    const accepting = under.client("receiver").acceptNextSession("ordered");
    await new Promise((done) => setTimeout(done, 100));
    await send("ordered", { body: 1, messageId: "woken", sessionId: "late" });
    const session = await accepting;
    const [message] = await take(session);
    expect([session.sessionId, message?.messageId]).toEqual(["late", "woken"]);
    await session.completeMessage(message as never);
    await session.close();
  });

  test("a message without a session id is refused, and a receiver without a session too", async () => {
    await expect(send("ordered", { body: 1 })).rejects.toThrow("SessionId");
    await expect(take(receiver("ordered"))).rejects.toThrow("requires sessions");
  });
});

describe("who may do what", () => {
  test("a role is checked for each direction", async () => {
    await expect(under.client("receiver").createSender("queue1").sendMessages({ body: 1 })).rejects.toMatchObject({
      code: "UnauthorizedAccess",
    });
    await expect(take(under.client("sender").createReceiver("queue1"))).rejects.toMatchObject({
      code: "UnauthorizedAccess",
    });
    await expect(under.client("sender").createReceiver("queue1").peekMessages(1)).rejects.toThrow("Listen");
    await expect(under.client("nobody").createSender("queue1").sendMessages({ body: 1 })).rejects.toMatchObject({
      code: "UnauthorizedAccess",
    });
  });

  test("what is not there, or closed, says so", async () => {
    await expect(send("nowhere", { body: 1 })).rejects.toMatchObject({ code: "MessagingEntityNotFound" });
    await expect(send("closed", { body: 1 })).rejects.toMatchObject({ code: "MessagingEntityDisabled" });
    await expect(take(receiver("topic1"))).rejects.toMatchObject({ code: "MessagingEntityNotFound" });
  });
});

/** AMQP's outcome. */
const RELEASED = 0x26;

/** Receives a message and releases it, by plain AMQP: the SDK for JavaScript never does. */
async function releaseOne(path: string): Promise<void> {
  const client = await PlainClient.open(under);
  await client.putToken("receiver", `sb://primary.servicebus.windows.net/${path}`);
  const receiving = await client.receiver(path);
  const { delivery } = await nextFrom(receiving);
  await settledWith(receiving, delivery, types.wrap_described([], RELEASED));
  await client.close();
}

/** Bodies of first frames: what each is, and its bytes. */
const MALFORMED: readonly (readonly [string, ...number[]])[] = [
  ["a null in place of a performative", 0x40],
  ["a performative that is not known", 0x00, 0x53, 0x7f, 0x45],
  ["an open whose fields are a text", 0x00, 0x53, 0x10, 0xa1, 0x01, 0x61],
  ["an open of a map in place of a name", 0x00, 0x53, 0x10, 0xc0, 0x05, 0x01, 0xc1, 0x03, 0x02, 0x40, 0x40],
  ["a transfer before a session", 0x00, 0x53, 0x14, 0x45],
  ["a type that is none", 0x00, 0x53, 0x10, 0x0f],
  ["a list that claims more than there is", 0x00, 0x53, 0x10, 0xc0, 0xff, 0x10, 0x40],
  [
    "an array that claims four billion elements of no width",
    ...[0x00, 0x53, 0x10, 0xc0, 0x0b, 0x01, 0xf0, 0x00, 0x00, 0x00, 0x05, 0xff, 0xff, 0xff, 0xff, 0x41],
  ],
];

describe("what comes that is no client", () => {
  test.each([
    [
      "bytes without TLS",
      (port: number) =>
        connectTcp(port, "127.0.0.1", function (this: ReturnType<typeof connectTcp>) {
          this.write("GET / HTTP/1.0\r\n\r\n");
        }),
    ],
    [
      "bytes in TLS that are no AMQP",
      (port: number) => {
        const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false }, () =>
          socket.write("hello there, broker"),
        );
        return socket;
      },
    ],
    [
      "a frame that claims four gigabytes",
      (port: number) => {
        const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false }, () =>
          socket.write(Buffer.from([...Buffer.from("AMQP"), 0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0])),
        );
        return socket;
      },
    ],
    ...MALFORMED.map(([what, ...frame]): [string, (port: number) => Socket] => [
      `AMQP with ${what}`,
      (port) => {
        const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
          socket.write(Buffer.from([...Buffer.from("AMQP"), 0, 1, 0, 0]));
          socket.write(Buffer.from([0, 0, 0, 8 + frame.length, 2, 0, 0, 0, ...frame]));
        });
        return socket;
      },
    ]),
  ])("%s are turned away, and the broker goes on", async (_what, open) => {
    const printed = jest.spyOn(console, "error").mockImplementation(() => undefined);
    const socket = open(under.broker.port("primary"));
    socket.on("error", () => undefined).resume();
    await new Promise((done) => socket.once("close", done));
    await send("target", { body: 1 });
    expect(await take(receiver("target", { receiveMode: "receiveAndDelete" }))).toHaveLength(1);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
    // A run with an error of the broker's own has proved nothing; these are none.
    expect(under.broker.failures).toEqual([]);
  });
});

test.each(["$cbs", "queue/$management"])(
  "a request to %s that is no message ends its connection, and is no error of the broker's own",
  async (address) => {
    const { container, connection } = plainConnection(under, {});
    const ended = new Promise((done) => container.once("disconnected", done));
    container.once("sendable", ({ sender }: EventContext) =>
      sender?.send(Buffer.from([0x00, 0x53, 0x77, 0xff]), Buffer.from("1"), 0),
    );
    connection.open_sender({ target: { address } });
    await ended;
    expect(under.broker.failures).toEqual([]);
  },
);

test("an error while the broker writes is its own, one while it reads is the client's", () => {
  const reported: string[] = [];
  const connection = new EventEmitter() as EventEmitter & { output: () => void; broken: Error };
  // As rhea does both: it catches, and reports in the same turn.
  connection.output = () => connection.emit("error", connection.broken);
  reportingWrites(connection, ({ message }) => reported.push(message));
  connection.broken = new TypeError("written");
  connection.output();
  connection.emit("error", new TypeError("read"));
  expect(reported).toEqual(["written"]);
});

describe("the pair", () => {
  let pair: BrokerUnderTest;
  beforeEach(async () => {
    pair = await brokerWith(messagingOnly([queue({ duplicateWindowMs: 60_000 })]));
  });
  afterEach(() => pair.stop());

  test("the alias is the primary; the secondary serves no client", async () => {
    await pair.client("sender", "alias").createSender("queue1").sendMessages({ body: 1, messageId: "m" });
    expect(await take(pair.client("receiver", "primary").createReceiver("queue1"))).toHaveLength(1);
    await expect(take(pair.client("receiver", "secondary").createReceiver("queue1"))).rejects.toMatchObject({
      code: "MessagingEntityDisabled",
    });
  });

  test("a failover takes entities along, but neither messages nor the history of ids", async () => {
    await pair.client("sender", "alias").createSender("queue1").sendMessages({ body: 1, messageId: "m" });
    pair.azure.failOver("alias");
    await pair.client("sender", "alias", "secondary").createSender("queue1").sendMessages({ body: 2, messageId: "m" });
    const found = await take(pair.client("receiver", "secondary").createReceiver("queue1"));
    expect(found.map(({ body }) => body as number)).toEqual([2]);
    expect(await take(pair.client("receiver", "primary").createReceiver("queue1"))).toHaveLength(1);
  });

  test("after a failover the old primary no longer answers to the alias", async () => {
    pair.azure.failOver("alias");
    await expect(
      pair.client("sender", "alias", "primary").createSender("queue1").sendMessages({ body: 1 }),
    ).rejects.toThrow();
  });

  test("roles are of each namespace: without one on the secondary, a failover locks the sender out", async () => {
    pair.azure.roleAssignments.remove(`sender/Azure Service Bus Data Sender/${idOf("secondary")}`);
    pair.azure.failOver("alias");
    await expect(
      pair.client("sender", "alias", "secondary").createSender("queue1").sendMessages({ body: 1 }),
    ).rejects.toMatchObject({ code: "UnauthorizedAccess" });
  });

  test("a secondary takes no entities of its own, and a pairing no secondary that has some", () => {
    expect(() => {
      pair.azure.declareEntities(idOf("secondary"), { queues: [], topics: [] });
    }).toThrow("Cannot update a namespace which is secondary");
    pair.azure.failOver("alias");
    expect(() => {
      pair.azure.pair({ alias: "other", primaryId: idOf("secondary"), partnerId: idOf("primary") });
    }).toThrow("must be empty");
  });
});
