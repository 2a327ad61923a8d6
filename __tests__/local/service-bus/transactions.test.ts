import { once } from "node:events";
import { type Delivery, type EventContext, message as codec, type Sender, type Typed, types } from "rhea";
import { type BrokerUnderTest, brokerWith, messagingOnly, queue } from "../../support/local";
import { nextFrom, PlainClient, sent, settledWith } from "../../support/plain-amqp";

/** The SDK for JavaScript has no transactions: this is how those for Java and .NET ask for one (OASIS AMQP 1.0, part 4). */
const COORDINATOR = 0x30;
const DECLARE = [0x00, 0x53, 0x77, 0x00, 0x53, 0x31, 0xc0, 0x02, 0x01, 0x40];
const TRANSACTIONAL_STATE = 0x34;
/** The state's place among a transfer's fields. */
const STATE = 7;
const ACCEPTED = types.wrap_described([], 0x24);

let under: BrokerUnderTest;
let client: PlainClient;
let errors: jest.SpyInstance;
let warnings: jest.SpyInstance;
beforeEach(async () => {
  // The client knows no outcome of a transaction, and says so.
  errors = jest.spyOn(console, "error").mockImplementation(() => undefined);
  warnings = jest.spyOn(console, "warn").mockImplementation(() => undefined);
  under = await brokerWith(messagingOnly([queue(), queue({ name: "queue2" })]));
  client = await PlainClient.ofOwner(under);
});
afterEach(async () => {
  await client.close();
  errors.mockRestore();
  warnings.mockRestore();
  expect(under.broker.failures).toEqual([]);
  await under.stop();
});

const counts = (name: string) => under.broker.entities("primary").receivable(name).counts;

interface Described {
  readonly descriptor: { readonly value: number };
  readonly value: readonly { readonly value: unknown }[];
}

async function coordinator(on = client.connection.create_session()): Promise<Sender> {
  on.open();
  const link = (on as unknown as { create_sender(name: string, options: object): Sender }).create_sender(
    "coordinator",
    { autosettle: false },
  );
  const { attach } = (link as unknown as { local: { attach: { target: Typed } } }).local;
  attach.target = types.wrap_described([], COORDINATOR);
  (link as unknown as { attach(): void }).attach();
  await client.opened(link);
  return link;
}

async function asked(link: Sender, bytes: Buffer): Promise<Described> {
  const settled = once(link, "settled") as Promise<[EventContext]>;
  link.send(bytes, undefined, 0);
  const state = (await settled)[0].delivery?.remote_state as unknown;
  return state as Described;
}

async function declared(link: Sender): Promise<Buffer> {
  const { descriptor, value } = await asked(link, Buffer.from(DECLARE));
  expect(descriptor.value).toBe(0x33);
  return value[0]?.value as Buffer;
}

/** @returns the condition that it is refused with; nothing: it is accepted */
async function discharged(link: Sender, id: Buffer, fail: boolean): Promise<string | undefined> {
  const body = [0x00, 0x53, 0x77, 0x00, 0x53, 0x32, 0xc0, id.length + 4, 0x02, 0xa0, id.length, ...id];
  const state = (await asked(link, Buffer.from([...body, fail ? 0x41 : 0x42]))) as unknown as {
    readonly error?: { readonly condition: string };
  };
  return state.error?.condition;
}

/** Sends in a transaction. @returns the condition that it is refused with */
async function sentIn(id: Buffer, sender: Sender, body: unknown): Promise<string | undefined> {
  const session = sender.session as unknown as { output(fields: { value: unknown[] }, payload?: Buffer): void };
  const output = session.output.bind(session);
  session.output = (fields, payload) => {
    // The client cannot write a transfer's state by its name.
    if (payload) fields.value[STATE] = types.wrap_described([types.wrap_binary(id)], TRANSACTIONAL_STATE);
    output(fields, payload);
  };
  const settled = Promise.race([once(sender, "settled"), once(sender, "rejected")]) as Promise<[EventContext]>;
  sender.send({ body });
  const [{ delivery }] = await settled;
  session.output = output;
  return (delivery?.remote_state as unknown as { error?: { condition: string } } | undefined)?.error?.condition;
}

const completedIn = (id: Buffer, receiver: Parameters<typeof settledWith>[0], delivery: Delivery) =>
  settledWith(receiver, delivery, types.wrap_described([types.wrap_binary(id), ACCEPTED], TRANSACTIONAL_STATE));

test("what is sent in a transaction is there when it is committed, and not before", async () => {
  const control = await coordinator();
  const id = await declared(control);
  const sender = await client.sender();
  expect(await sentIn(id, sender, 1)).toBeUndefined();
  expect(await sentIn(id, sender, 2)).toBeUndefined();
  expect(counts("queue1").active).toBe(0);
  expect(await discharged(control, id, false)).toBeUndefined();
  expect(counts("queue1").active).toBe(2);
});

test("after a rollback nothing was sent, and what was completed in it is still locked", async () => {
  const control = await coordinator();
  const sender = await client.sender();
  await sent(sender, { body: "in" });
  const receiver = await client.receiver();
  const { delivery } = await nextFrom(receiver);
  const id = await declared(control);
  await completedIn(id, receiver, delivery);
  expect(await sentIn(id, sender, "out")).toBeUndefined();
  expect(await discharged(control, id, true)).toBeUndefined();
  expect(counts("queue1")).toMatchObject({ active: 1, locked: 1 });
});

test("a completion is done when the transaction is committed; where its lock was lost nothing of it is done", async () => {
  const control = await coordinator();
  const sender = await client.sender();
  for (const isLost of [false, true]) {
    await sent(sender, { body: "in" });
    const receiver = await client.receiver();
    const { delivery } = await nextFrom(receiver);
    const id = await declared(control);
    await completedIn(id, receiver, delivery);
    receiver.close();
    expect(await sentIn(id, sender, "out")).toBeUndefined();
    if (isLost) under.broker.loseLocks("primary");
    expect(await discharged(control, id, false)).toBe(isLost ? "amqp:transaction:rollback" : undefined);
    expect(counts("queue1").active).toBe(isLost ? 2 : 1);
  }
});

test("a transaction takes a hundred messages", async () => {
  const control = await coordinator();
  const id = await declared(control);
  const sender = await client.sender();
  for (let index = 0; index < 100; index += 1) expect(await sentIn(id, sender, index)).toBeUndefined();
  expect(await sentIn(id, sender, "one more")).toBe("amqp:not-allowed");
  expect(await discharged(control, id, false)).toBeUndefined();
  expect(counts("queue1").active).toBe(100);
});

test("a transaction is on one entity, and over several where their links share a session", async () => {
  const control = await coordinator();
  const [one, other] = [await client.sender("queue1"), await client.sender("queue2")];
  const apart = client.connection.create_session();
  apart.open();
  const elsewhere = await client.opened(apart.open_sender({ target: "queue2" }));
  const id = await declared(control);
  expect(await sentIn(id, one, 1)).toBeUndefined();
  expect(await sentIn(id, elsewhere, 2)).toBe("amqp:not-allowed");
  expect(await sentIn(id, other, 2)).toBeUndefined();
  expect(await discharged(control, id, false)).toBeUndefined();
  expect([counts("queue1").active, counts("queue2").active]).toEqual([1, 1]);
});

test("a transaction that is not known is refused, and ends with its connection", async () => {
  const control = await coordinator();
  expect(await sentIn(Buffer.from("none"), await client.sender(), 1)).toBe("amqp:transaction:unknown-id");
  expect(await discharged(control, Buffer.from("none"), false)).toBe("amqp:transaction:unknown-id");
  const id = await declared(control);
  expect(await discharged(control, id, false)).toBeUndefined();
  expect(await discharged(control, id, false)).toBe("amqp:transaction:unknown-id");
});

test("a link to no node is refused", async () => {
  const link = client.connection.open_sender({ target: {} as never });
  await once(link, "sender_error");
  expect((link.error as { condition?: string } | undefined)?.condition).toBe("amqp:not-found");
  expect(codec.is_accepted(ACCEPTED as never)).toBe(true);
});
