import { busOf, type Sender } from "../../../functions/shared/bus";
import { send } from "../../../functions/producer/send";

const SETTINGS = { ServiceBus__fullyQualifiedNamespace: "alias.servicebus.windows.net", ServiceBus__clientId: "an-id" };
const GONE = { error: new Error("gone") };

/** Clients that note when they are closed. */
function clients() {
  const made: { closed: boolean }[] = [];
  const bus = busOf(SETTINGS, () => {
    const client = { closed: false };
    made.push(client);
    return {
      createSender: () => ({}) as Sender,
      close: () => {
        client.closed = true;
        return Promise.resolve();
      },
    };
  });
  return { bus, made };
}

/** Work that ends on demand. */
function held() {
  let end: (outcome: { error?: Error }) => void = () => undefined;
  const outcome = new Promise<{ error?: Error }>((resolve) => (end = resolve));
  return { work: () => outcome, end };
}

test("one connection serves every entity", async () => {
  const { bus, made } = clients();
  await bus.through("queue1", () => Promise.resolve({}));
  await bus.through("topic1", () => Promise.resolve({}));
  expect(made).toEqual([{ closed: false }]);
});

test("after a failed send the next one connects anew", async () => {
  const { bus, made } = clients();
  await bus.through("queue1", () => Promise.resolve(GONE));
  await bus.through("queue1", () => Promise.resolve({}));
  expect(made).toEqual([{ closed: true }, { closed: false }]);
});

test("what the link says of a message's size ends no connection", async () => {
  const { bus, made } = clients();
  const error = Object.assign(new Error("too large"), { code: "MessageSizeExceeded" });
  await bus.through("queue1", () => Promise.resolve({ error }));
  await bus.through("queue1", () => Promise.resolve({}));
  expect(made).toEqual([{ closed: false }]);
});

test("a failed send closes nothing under another one's hands", async () => {
  const { bus, made } = clients();
  const other = held();
  const waiting = bus.through("queue1", other.work);
  await bus.through("queue1", () => Promise.resolve(GONE));
  expect(made).toEqual([{ closed: false }]);
  other.end({});
  await waiting;
  expect(made).toEqual([{ closed: true }]);
});

test("a send that fails late does not take down the connection that came after its own", async () => {
  const { bus, made } = clients();
  const late = held();
  const waiting = bus.through("queue1", late.work);
  await bus.through("queue1", () => Promise.resolve(GONE));
  await bus.through("queue1", () => Promise.resolve({}));
  late.end(GONE);
  await waiting;
  await bus.through("queue1", () => Promise.resolve({}));
  expect(made).toEqual([{ closed: true }, { closed: false }]);
});

test("a send without an answer ends at the deadline, and nothing of it is confirmed", async () => {
  const never = ((_content: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
    new Promise((_, reject) => {
      abortSignal.addEventListener("abort", () => {
        reject(new Error("aborted"));
      });
    })) as unknown as Sender["sendMessages"];
  const sender = { sendMessages: never } as Sender;
  const entity = { name: "queue1", maxMessageBytes: 1_000, requiresSession: false };
  const sent = await send(sender, entity, [{ messageId: "a", senderId: "a", body: Buffer.from("{}") }], 20);
  expect(sent).toMatchObject({ sent: [], unconfirmed: ["a"], error: { message: "aborted" } });
});

test("large messages have a connection of their own, which waits as long as their bytes need", async () => {
  const sizes: string[] = [];
  const bus = busOf(SETTINGS, (_host, _clientId, size) => {
    sizes.push(size);
    return { createSender: () => ({}) as Sender, close: () => Promise.resolve() };
  });
  await bus.through("queue1", () => Promise.resolve({}));
  await bus.through("queue1", () => Promise.resolve(GONE), "large");
  await bus.through("queue1", () => Promise.resolve({}), "large");
  await bus.through("queue1", () => Promise.resolve({}));
  expect(sizes).toEqual(["usual", "large", "large"]);
});
