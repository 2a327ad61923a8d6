import type { ServiceBusReceivedMessage } from "@azure/service-bus";
import { message, types } from "rhea";
import { Content } from "../../local/service-bus/entities/content";
import { redrivenCopy } from "../../operator/dead-letter-copy";
import { heldIn } from "../../operator/emptiness";
import { MessageMover, MOVED } from "../../operator/message-mover";
import { type BrokerUnderTest, brokerWith, idOf, messagingOnly, queue, subscription, topic } from "../support/local";

const QUEUE = "queue1";
const SESSIONS = "sessions";

let broker: BrokerUnderTest;
let stayed: string[] = [];
beforeEach(async () => {
  stayed = [];
  const azure = messagingOnly(
    [queue(), queue({ name: SESSIONS, requiresSession: true })],
    [topic({ subscriptions: [subscription()] })],
  );
  for (const namespace of ["primary", "secondary"])
    for (const role of ["Sender", "Receiver"])
      azure.roleAssignments.put({
        principalId: "person",
        role: `Azure Service Bus Data ${role}`,
        scope: idOf(namespace),
      });
  broker = await brokerWith(azure);
  azure.failOver("alias");
});
afterEach(async () => {
  await broker.stop();
});

const from = () => broker.client("person", "primary");
const to = () => broker.client("person", "secondary");

function mover(entity: string, requiresSession = false): MessageMover {
  return new MessageMover({
    from: from(),
    to: to(),
    entity,
    namespace: "primary",
    requiresSession,
    atOnce: 10,
    pace: () => Promise.resolve(),
    stays: ({ messageId }, why) => stayed.push(`${String(messageId)}: ${why}`),
  });
}

async function inTarget(entity: string): Promise<ServiceBusReceivedMessage[]> {
  return await to().createReceiver(entity).peekMessages(100);
}

test("active messages arrive with their ids, properties and bodies", async () => {
  const sender = from().createSender(QUEUE);
  await sender.sendMessages([
    {
      messageId: "a",
      body: { n: 1 },
      subject: "order",
      correlationId: "c",
      contentType: "application/json",
      applicationProperties: { colour: "red" },
      timeToLive: 60_000,
    },
    { messageId: "b", body: "text" },
  ]);
  await mover(QUEUE).move();
  const moved = await inTarget(QUEUE);
  expect(moved.map(({ messageId }) => messageId).sort()).toEqual(["a", "b"]);
  expect(moved.find(({ messageId }) => messageId === "a")).toMatchObject({
    body: { n: 1 },
    subject: "order",
    correlationId: "c",
    contentType: "application/json",
    timeToLive: 60_000,
    deliveryCount: 0,
    applicationProperties: { colour: "red", [MOVED]: "primary/queue1/1" },
  });
  expect(await from().createReceiver(QUEUE).peekMessages(10)).toEqual([]);
});

/** Each kind of body that a sender can give; a number that JSON would round; bytes that are no text. */
const BODIES = [
  { body: { n: 1 } },
  { body: Buffer.from([0, 255, 254, 10]) },
  { body: Buffer.from('{"n": 9007199254740993}') },
  { body: "text", bodyType: "value" },
  { body: [1, "two"], bodyType: "sequence" },
] as const;

describe("every body stays as it is, byte for byte", () => {
  const UNPARSED = { skipParsingBodyAsJson: true } as const;
  const shown = (messages: readonly ServiceBusReceivedMessage[]) =>
    messages.map(({ _rawAmqpMessage: raw, body }) => [raw.bodyType, body as unknown]);

  async function sent(): Promise<unknown[]> {
    const sender = from().createSender(QUEUE);
    for (const body of BODIES) await sender.sendMessages(body);
    const receiver = from().createReceiver(QUEUE, UNPARSED);
    const messages = await receiver.receiveMessages(BODIES.length);
    for (const each of messages) await receiver.abandonMessage(each);
    await receiver.close();
    expect(messages).toHaveLength(BODIES.length);
    return shown(messages);
  }

  const arrived = async () => shown(await to().createReceiver(QUEUE, UNPARSED).receiveMessages(BODIES.length));

  test("when messages are moved", async () => {
    const expected = await sent();
    await mover(QUEUE).move();
    // They are sent at the same time: their order may change.
    expect(new Set(await arrived())).toEqual(new Set(expected));
  });

  test("when dead letters are redriven", async () => {
    const expected = await sent();
    const receiver = from().createReceiver(QUEUE, UNPARSED);
    for (const each of await receiver.receiveMessages(BODIES.length)) await receiver.deadLetterMessage(each);
    const dead = from().createReceiver(QUEUE, { ...UNPARSED, subQueueType: "deadLetter" });
    const sender = to().createSender(QUEUE);
    for (const letter of await dead.receiveMessages(BODIES.length))
      await sender.sendMessages(redrivenCopy(letter, "primary/queue1"));
    expect(await arrived()).toEqual(expected);
  });
});

test("messages of sessions keep their session and their order", async () => {
  const sender = from().createSender(SESSIONS);
  for (const id of ["1", "2", "3"]) {
    await sender.sendMessages({ messageId: `a${id}`, sessionId: "a", body: id });
    await sender.sendMessages({ messageId: `b${id}`, sessionId: "b", body: id });
  }
  await mover(SESSIONS, true).move();
  const moved = await inTarget(SESSIONS);
  for (const session of ["a", "b"]) {
    const own = moved.filter(({ sessionId }) => sessionId === session).map(({ messageId }) => messageId);
    expect(own).toEqual(["1", "2", "3"].map((id) => `${session}${id}`));
  }
}, 30_000);

test("a deferred message becomes an active one, a scheduled one keeps its time", async () => {
  const sender = from().createSender(QUEUE);
  await sender.sendMessages({ messageId: "deferred", body: 1 });
  const receiver = from().createReceiver(QUEUE);
  for (const each of await receiver.receiveMessages(1)) await receiver.deferMessage(each);
  const due = new Date(Date.now() + 3_600_000);
  await sender.scheduleMessages({ messageId: "scheduled", body: 2 }, due);
  await mover(QUEUE).move();
  const moved = await inTarget(QUEUE);
  expect(moved.map(({ messageId, state }) => [messageId, state]).sort()).toEqual([
    ["deferred", "active"],
    ["scheduled", "scheduled"],
  ]);
  const scheduled = moved.find(({ messageId }) => messageId === "scheduled");
  expect(Math.abs((scheduled?.scheduledEnqueueTimeUtc?.getTime() ?? 0) - due.getTime())).toBeLessThan(1_000);
  expect(await from().createReceiver(QUEUE).peekMessages(10)).toEqual([]);
});

const source = (path: string) => ({
  path,
  requiresSession: path === SESSIONS,
  forwards: false,
  forwardsDeadLetters: false,
  isClosed: false,
  rules: [],
});

test("messages that share an id get one each, and keep the sender's in a property", async () => {
  const sender = from().createSender(QUEUE);
  for (const body of ["one", "two"]) await sender.sendMessages({ messageId: "same", body });
  await mover(QUEUE).move();
  const moved = await inTarget(QUEUE);
  expect(moved.map(({ messageId }) => messageId).sort()).toEqual(["same~m1", "same~m2"]);
  expect(moved.map(({ body }) => body as unknown).sort()).toEqual(["one", "two"]);
  for (const { applicationProperties } of moved)
    expect(JSON.stringify(applicationProperties?.producerIds)).toContain("same");
});

test("what cannot be copied as it is stays, and is named; the others are moved", async () => {
  const own = broker.broker.entities("primary").receivable(QUEUE);
  const at = new Date("2026-01-02T03:04:05.678Z");
  for (const [id, value] of [
    ["uuid", types.wrap_uuid(Buffer.alloc(16, 7))],
    ["date", types.wrap_timestamp(at.getTime())],
  ] as const) {
    const bytes = message.encode({
      message_id: id,
      body: message.data_section(Buffer.from("{}")) as unknown,
      application_properties: { value },
    });
    own.enqueue(Content.of(bytes));
  }
  await from()
    .createSender(QUEUE)
    .scheduleMessages({ messageId: "soon", body: 1 }, new Date(Date.now() + 60_000));
  await mover(QUEUE).move();
  const asItIs = to().createReceiver(QUEUE, { skipConvertingDate: true });
  const [moved, ...others] = await asItIs.peekMessages(10);
  expect([moved?.messageId, others]).toEqual(["date", []]);
  expect(moved?.applicationProperties?.value).toEqual(at);
  expect(stayed.sort()).toEqual([
    "soon: it is due soon, and can be moved once it is active",
    "uuid: its property value is a uuid, bytes, or a number beyond 2^53",
  ]);
  const left = await from().createReceiver(QUEUE).peekMessages(10);
  expect(left.map(({ messageId }) => messageId).sort()).toEqual(["soon", "uuid"]);
});

describe("an entity is proven empty only where nothing is in it", () => {
  test.each(["active", "deferred", "scheduled", "dead-lettered"] as const)("a message that is %s", async (state) => {
    const client = from();
    const sender = client.createSender(QUEUE);
    if (state === "scheduled") await sender.scheduleMessages({ body: 1 }, new Date(Date.now() + 3_600_000));
    else await sender.sendMessages({ body: 1 });
    const receiver = client.createReceiver(QUEUE);
    if (state === "deferred" || state === "dead-lettered")
      for (const each of await receiver.receiveMessages(1))
        await (state === "deferred" ? receiver.deferMessage(each) : receiver.deadLetterMessage(each));
    const held = await heldIn(client, [], [source(QUEUE)]);
    expect(held).toEqual([
      `${QUEUE}: ${state === "dead-lettered" ? "a message in its dead-letter queue" : `a message that is ${state}`}`,
    ]);
  });

  test("none", async () => {
    expect(await heldIn(from(), [], [QUEUE, "topic1/subscription1", SESSIONS].map(source))).toEqual([]);
  });
});
