import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Delivery, type EventContext, message as codec, type Receiver, types } from "rhea";
import { type BrokerUnderTest, brokerWith, messagingOnly, queue } from "../../support/local";
import { nextFrom, ownBy, PlainClient, plainConnection, sent, settledWith } from "../../support/plain-amqp";

/** What clients for other languages do on the wire and the SDK for JavaScript never does, by an unmodified AMQP client. */
let under: BrokerUnderTest;
let client: PlainClient;
beforeEach(async () => {
  under = await brokerWith(messagingOnly([queue(), queue({ name: "sessions", requiresSession: true })]));
  ownBy(under, "both");
  client = await PlainClient.open(under);
});
afterEach(async () => {
  await client.close();
  expect(under.broker.failures).toEqual([]);
  await under.stop();
});

async function settledAs(receiver: Receiver, delivery: Delivery, outcome: object): Promise<number> {
  const state = (await settledWith(receiver, delivery, outcome)) as {
    constructor: { descriptor: { numeric: number } };
  };
  return state.constructor.descriptor.numeric;
}

const outcomes = codec as unknown as Record<
  "accepted" | "rejected" | "released" | "modified",
  (fields: object) => { described(): object }
>;

test("$cbs answers on the link from it where no reply-to is named, settled where that is asked, with 404 for what is not there", async () => {
  const host = "amqps://primary.servicebus.windows.net";
  expect(await client.putToken("both", `${host}/queue1`)).toMatchObject({ "status-code": 202, settled: true });
  expect(await client.putToken("both", `${host}/nothing`)).toMatchObject({ "status-code": 404, settled: true });
});

test("each outcome is echoed as itself, and a boolean of one byte is a boolean", async () => {
  await client.putToken("both");
  await sent(await client.sender(), { body: 1 }, { body: 2 }, { body: 3 }, { body: 4 });
  const receiver = await client.receiver("amqps://primary.servicebus.windows.net/queue1");
  const [one, two, three, four] = [
    await nextFrom(receiver),
    await nextFrom(receiver),
    await nextFrom(receiver),
    await nextFrom(receiver),
  ];
  const defer = outcomes.modified({ undeliverable_here: true });
  const fields = defer as unknown as { value: unknown[] };
  fields.value[1] = (types as unknown as { Boolean(value: number): unknown }).Boolean(1);
  expect(await settledAs(receiver, one.delivery, outcomes.accepted({}).described())).toBe(0x24);
  expect(await settledAs(receiver, two.delivery, defer.described())).toBe(0x27);
  expect(await settledAs(receiver, three.delivery, outcomes.released({}).described())).toBe(0x26);
  expect(await settledAs(receiver, four.delivery, outcomes.rejected({}).described())).toBe(0x25);
  const { counts } = under.broker.entities("primary").receivable("queue1");
  expect(counts).toMatchObject({ deferred: 1, active: 1 });
  expect(under.broker.entities("primary").receivable("queue1/$DeadLetterQueue").counts.active).toBe(1);
});

test("footer, priority and delivery annotations pass through, and the lock's token is among them", async () => {
  await client.putToken("both");
  await sent(await client.sender(), {
    body: "text",
    priority: 9,
    footer: { hash: "a1" },
    delivery_annotations: { "x-opt-mine": "kept" },
    message_annotations: { "x-opt-also": "kept" },
  });
  const { message } = await nextFrom(await client.receiver());
  const received = message as unknown as Record<string, Record<string, unknown>>;
  expect(received).toMatchObject({
    body: "text",
    priority: 9,
    footer: { hash: "a1" },
    delivery_annotations: { "x-opt-mine": "kept" },
    message_annotations: { "x-opt-also": "kept" },
  });
  expect(received.delivery_annotations?.["x-opt-lock-token"]).toHaveLength(16);
});

test("a session's filter is echoed in the form in which it was asked", async () => {
  await client.putToken("both");
  const name = "com.microsoft:session-filter";
  for (const filter of [types.wrap_described("one", 0x137000000c), types.wrap_string("two")]) {
    const receiver = await client.receiver({ address: "sessions", filter: { [name]: filter } });
    const { source } = receiver as unknown as { source: { filter: Record<string, { descriptor?: unknown }> } };
    const echoed = source.filter[name];
    expect(typeof echoed === "object" && echoed.descriptor !== undefined).toBe(
      (filter as { descriptor?: unknown }).descriptor !== undefined,
    );
  }
});

test("credit before the answer to a link is no error: the answer comes first", async () => {
  await client.putToken("both");
  await sent(await client.sender(), { body: "waits" });
  const receiver = client.connection.open_receiver({ source: "queue1", autoaccept: false, credit_window: 0 });
  const came = once(receiver, "message") as Promise<[EventContext]>;
  receiver.add_credit(1);
  expect((await came)[0].message?.body).toBe("waits");
});

test("a refused link has no source, and its error has all three fields", async () => {
  const receiver = client.connection.open_receiver({ source: "queue1", autoaccept: false, credit_window: 0 });
  const refused = once(receiver, "receiver_error") as Promise<[EventContext]>;
  await client.opened(receiver);
  await refused;
  expect(JSON.stringify((receiver as unknown as { source: unknown }).source)).toBe("null");
  const { error } = receiver as unknown as { error: { condition: string; value: unknown[] } };
  expect([error.condition, error.value.length]).toEqual(["amqp:unauthorized-access", 3]);
});

test("ids of deliveries may be of any order", async () => {
  await client.putToken("both");
  const sender = await client.opened(client.connection.open_sender({ target: "queue1" }));
  const { outgoing } = sender.session as unknown as { outgoing: { next_delivery_id: number } };
  for (const gap of [0, 7]) {
    const accepted = once(sender, "accepted");
    outgoing.next_delivery_id += gap;
    (outgoing as unknown as { next_pending_delivery: number }).next_pending_delivery += gap;
    sender.send({ body: gap });
    await accepted;
  }
  expect(under.broker.entities("primary").receivable("queue1").counts.active).toBe(2);
});

test("a delivery that its sender aborts is none, and the next one is taken", async () => {
  await client.putToken("both");
  const sender = await client.opened(client.connection.open_sender({ target: "queue1" }));
  const session = sender.session as unknown as { output(fields: { aborted?: boolean; more?: boolean }): void };
  const output = session.output.bind(session);
  let frames = 0;
  session.output = (fields, ...payload: unknown[]) => {
    frames += 1;
    // Of the frames of one message, the second one ends it.
    if (frames === 2) Object.assign(fields, { aborted: true, more: false });
    if (frames <= 2) (output as (...args: unknown[]) => void)(fields, ...payload);
  };
  sender.send({ body: Buffer.alloc(200_000) });
  while (frames < 4) await nextTurn();
  session.output = output;
  const accepted = once(sender, "accepted");
  sender.send({ body: "next" });
  await accepted;
  expect(under.broker.entities("primary").receivable("queue1").counts.active).toBe(1);
});

test("a login by Azure's own name for it is taken", async () => {
  const { container, connection } = plainConnection(under, {});
  container.on("disconnected", () => undefined);
  (connection as unknown as { close(): void }).close();
  const offered = container as unknown as { sasl: { client_mechanisms(): Record<string, unknown> } };
  const mechanisms = offered.sasl.client_mechanisms() as Record<string, unknown> & { enable_anonymous(): void };
  mechanisms.enable_anonymous();
  const { ANONYMOUS, ...rest } = mechanisms;
  const other = container.connect({
    host: "localhost",
    hostname: "primary.servicebus.windows.net",
    port: under.broker.port("primary"),
    transport: "tls",
    rejectUnauthorized: false,
    reconnect: false,
    sasl_mechanisms: { ...rest, MSSBCBS: ANONYMOUS },
  } as never);
  await once(container, "connection_open");
  other.close();
});

test("what comes for a link that its client has closed settles nothing", async () => {
  await client.putToken("both");
  await sent(await client.sender(), { body: "held" });
  const receiver = await client.receiver();
  const { delivery } = await nextFrom(receiver);
  receiver.detach();
  await once(receiver, "receiver_close");
  (delivery as unknown as { update(settled: boolean, state: object): void }).update(
    true,
    outcomes.accepted({}).described(),
  );
  // A request that is answered comes after it.
  await client.putToken("both", "sb://primary.servicebus.windows.net/queue1");
  expect(under.broker.entities("primary").receivable("queue1").counts).toMatchObject({ active: 1, locked: 1 });
});
