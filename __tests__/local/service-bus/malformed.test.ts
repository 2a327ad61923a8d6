import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { types } from "rhea";
import { type BrokerUnderTest, brokerWith, messagingOnly, queue, topic } from "../../support/local";
import { nextFrom, PlainClient, sent } from "../../support/plain-amqp";

/** What a client sends that is no AMQP, or no request: it gets an error or is cut off, and the broker goes on without a failure of its own. */
let under: BrokerUnderTest;
let client: PlainClient;
beforeEach(async () => {
  under = await brokerWith(messagingOnly([queue()], [topic()]), { idleMs: 400 });
  client = await PlainClient.ofOwner(under);
});
afterEach(async () => {
  const other = await PlainClient.open(under);
  await other.putToken("both");
  await sent(await other.sender(), { body: "still served" });
  await other.close();
  await client.close();
  expect(under.broker.failures).toEqual([]);
  await under.stop();
});

const NODE = "queue1/$management";
const RULES = "topic1/Subscriptions/subscription1/$management";

test.each([
  ["an operation that objects have", NODE, "constructor", {}],
  ["an operation that is a map", NODE, { toString: 1 }, {}],
  ["a count that is no number", NODE, "com.microsoft:batch-delete-messages", { "message-count": Number.NaN }],
  [
    "a count that is a fraction",
    NODE,
    "com.microsoft:batch-delete-messages",
    { "message-count": 1.5, "enqueued-time-utc": new Date() },
  ],
  ["a session's id that is a map", NODE, "com.microsoft:renew-session-lock", { "session-id": { toString: 1 } }],
  ["a rule's name that is a map", RULES, "com.microsoft:remove-rule", { "rule-name": { toString: 1 } }],
  ["a rule that is a text", RULES, "com.microsoft:add-rule", { "rule-name": "r", "rule-description": "x" }],
  [
    "a filter of a list",
    RULES,
    "com.microsoft:add-rule",
    { "rule-name": "r", "rule-description": { "correlation-filter": { properties: { a: [1] } } } },
  ],
  ["a page before the first", RULES, "com.microsoft:enumerate-rules", { skip: -1, top: 1 }],
])("a request with %s is refused", async (_what, node, operation, body) => {
  const status = await client.ask(node, operation, body);
  expect(status === undefined || status >= 400).toBe(true);
});

test("an id that cannot be written again is left out of the answer", async () => {
  expect(await client.ask(NODE, "com.microsoft:none", {}, types.wrap_uuid(Buffer.alloc(16)))).toBe(501);
});

test.each([
  ["no bytes", Buffer.alloc(0)],
  ["a type that is none", Buffer.from([0x00, 0x53, 0x70, 0xc0, 0x03, 0x01, 0x5f, 0x00])],
  ["descriptors without an end", Buffer.alloc(100_000)],
  ["a time that is none", scheduledFor(1e300)],
])("a message of %s is refused or dropped", async (_what, bytes) => {
  const sender = await client.sender();
  sender.on("rejected", () => undefined);
  const over = Promise.race([once(sender, "rejected"), once(sender, "accepted"), pause(300)]);
  sender.send(bytes, undefined, 0);
  await over;
});

test("a link with modes and termini of other types is refused", async () => {
  const link = client.connection.open_receiver({ source: "queue1", autoaccept: false });
  const { attach } = (link as unknown as { local: { attach: { value: unknown[] } } }).local;
  // The modes' places among an attach's fields.
  attach.value[3] = types.wrap_list([1]);
  attach.value[4] = types.wrap_double(1.5);
  await Promise.race([client.cutOff(), once(link, "receiver_error"), pause(500)]);
});

test("a receiver ends with its session: what it held goes to the next one", async () => {
  await sent(await client.sender(), { body: 1 }, { body: 2 });
  const session = client.connection.create_session();
  session.open();
  const receiver = session.open_receiver({ source: "queue1", autoaccept: false, credit_window: 0, rcv_settle_mode: 1 });
  await nextFrom(receiver);
  receiver.add_credit(5);
  session.close();
  await once(session, "session_close");
  expect(under.broker.entities("primary").receivable("queue1").receivers).toBe(0);
});

test("a connection without links ends, also where its client does not answer", async () => {
  const idle = await PlainClient.open(under);
  await idle.putToken("both");
  const { socket } = idle.connection as unknown as { socket: { pause(): void; once(e: string, f: () => void): void } };
  (idle.connection as unknown as { input: () => void }).input = () => undefined;
  const { connection } = idle;
  (connection as unknown as { on_close: () => void }).on_close = () => undefined;
  await new Promise<void>((done) => {
    socket.once("close", done);
  });
});

test("requests alone keep a connection", async () => {
  const requests = await client.opened(client.connection.open_sender({ target: NODE, source: "requests" }));
  await pause(900);
  expect(requests.is_open()).toBe(true);
});

function scheduledFor(time: number): Buffer {
  const value = Buffer.alloc(9);
  value[0] = 0x82;
  value.writeDoubleBE(time, 1);
  const key = Buffer.from("x-opt-scheduled-enqueue-time");
  const map = Buffer.concat([Buffer.from([2, 0xa3, key.length]), key, value]);
  return Buffer.concat([Buffer.from([0x00, 0x53, 0x72, 0xc1, map.length]), map, Buffer.from([0x00, 0x53, 0x77, 0x40])]);
}
