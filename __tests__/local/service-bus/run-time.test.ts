import { ServiceBusClient, type ServiceBusReceiver } from "@azure/service-bus";
import { type BrokerUnderTest, brokerWith, messagingOnly, queue, subscription, topic } from "../../support/local";

/** What a client changes or asks at run time, by the unmodified SDK. */
let under: BrokerUnderTest;
beforeEach(async () => {
  under = await brokerWith(
    messagingOnly(
      [
        queue(),
        queue({ name: "sessions", requiresSession: true }),
        queue({ name: "forwarding", forwardTo: "queue1" }),
        queue({ name: "forwarding-dead", forwardDeadLetteredTo: "queue1" }),
      ],
      [topic({ subscriptions: [subscription(), subscription({ name: "other" })] })],
    ),
  );
});
afterEach(async () => {
  expect(under.broker.failures).toEqual([]);
  await under.stop();
});

const send = async (entity: string, ...messages: object[]) => {
  await under
    .client("sender")
    .createSender(entity)
    .sendMessages(messages as never);
};
const active = (path: string) => under.broker.entities("primary").receivable(path).counts.active;

/** What the library sends for what it does not offer itself. */
async function managed(
  receiver: ServiceBusReceiver,
  entity: string,
  operation: string,
  body: object,
): Promise<{ body: object }> {
  const { _context: context } = receiver as unknown as {
    _context: {
      getManagementClient(path: string): {
        _makeManagementRequest(request: object, log: object): Promise<{ body: object }>;
        initWithUniqueReplyTo(): Promise<object>;
        replyTo: string;
      };
    };
  };
  const client = context.getManagementClient(entity);
  await client.initWithUniqueReplyTo();
  const quiet = {
    verbose: () => undefined,
    logError: () => undefined,
    info: () => undefined,
    warning: () => undefined,
  };
  return await client._makeManagementRequest(
    { body, reply_to: client.replyTo, application_properties: { operation } },
    quiet,
  );
}

describe("rules", () => {
  const rules = () => under.client("receiver").createRuleManager("topic1", "subscription1");
  const listed = async () => {
    const found = [];
    for await (const rule of rules().listRules()) found.push(rule);
    return found;
  };

  test("the default one is there, and lets everything through until it is deleted", async () => {
    expect(await listed()).toEqual([{ name: "$Default", filter: { sqlExpression: "1=1" }, action: {} }]);
    await rules().createRule("red", { sqlExpression: "colour = 'red'" }, { sqlExpression: "SET colour = 'blue'" });
    await rules().createRule("mine", { correlationId: "me", applicationProperties: { n: 1 } });
    expect((await listed()).map(({ name }) => name)).toEqual(["$Default", "red", "mine"]);
    await rules().deleteRule("$Default");
    expect(await listed()).toEqual([
      { name: "red", filter: { sqlExpression: "colour = 'red'" }, action: { sqlExpression: "SET colour = 'blue'" } },
      expect.objectContaining({
        name: "mine",
        filter: expect.objectContaining({ correlationId: "me", applicationProperties: { n: 1 } }) as object,
      }),
    ]);
    await send(
      "topic1",
      { body: 1, applicationProperties: { colour: "red" } },
      { body: 2 },
      { body: 3, correlationId: "me", applicationProperties: { n: 1 } },
    );
    expect([active("topic1/Subscriptions/subscription1"), active("topic1/Subscriptions/other")]).toEqual([2, 3]);
  });

  test("without any rule a subscription takes nothing", async () => {
    await rules().deleteRule("$Default");
    expect(await listed()).toEqual([]);
    await send("topic1", { body: 1 });
    expect([active("topic1/Subscriptions/subscription1"), active("topic1/Subscriptions/other")]).toEqual([0, 1]);
  });

  test("what cannot be is refused", async () => {
    await expect(rules().createRule("$Default", { sqlExpression: "1=1" })).rejects.toMatchObject({
      code: "MessagingEntityAlreadyExists",
    });
    await expect(rules().createRule("wrong", { sqlExpression: "colour ==" })).rejects.toThrow();
    await expect(rules().deleteRule("none")).rejects.toMatchObject({ code: "MessagingEntityNotFound" });
    await expect(
      under.client("sender").createRuleManager("topic1", "subscription1").deleteRule("$Default"),
    ).rejects.toMatchObject({ code: "UnauthorizedAccess" });
  });
});

test("sessions that have messages are listed, and those whose state was set after a time", async () => {
  await send("sessions", { body: 1, sessionId: "a" }, { body: 2, sessionId: "b" }, { body: 3, sessionId: "a" });
  const receiver = await under.client("receiver").acceptSession("sessions", "b");
  const before = Date.now() - 1;
  await receiver.setSessionState("state");
  const listed = async (updatedAfter: number, skip = 0) => {
    const body = { "last-updated-time": new Date(updatedAfter), skip, top: 10 };
    const answer = await managed(receiver, "sessions", "com.microsoft:get-message-sessions", body);
    return (answer.body as { "sessions-ids"?: string[] })["sessions-ids"] ?? [];
  };
  // The end of time asks for those with messages.
  expect(await listed(253_402_300_799_999)).toEqual(["a", "b"]);
  expect(await listed(253_402_300_799_999, 1)).toEqual(["b"]);
  expect(await listed(before)).toEqual(["b"]);
  expect(await listed(Date.now() + 1_000)).toEqual([]);
});

test("the oldest messages are deleted, but for those that a receiver holds", async () => {
  await send("queue1", { body: 1 }, { body: 2 }, { body: 3 }, { body: 4 });
  const receiver = under.client("receiver").createReceiver("queue1");
  await receiver.receiveMessages(1, { maxWaitTimeInMs: 500 });
  const deleted = async (count: number, before: number) =>
    (
      await managed(receiver, "queue1", "com.microsoft:batch-delete-messages", {
        "message-count": count,
        "enqueued-time-utc": new Date(before),
      })
    ).body;
  expect(await deleted(2, Date.now() + 1_000)).toEqual({ "message-count": 2 });
  expect(active("queue1")).toBe(2);
  expect(await deleted(10, Date.now() - 60_000)).toEqual({});
  await expect(deleted(0, Date.now())).rejects.toThrow("message-count");
});

test("an entity that forwards has no receivers, nor has a dead-letter queue that does", async () => {
  const sentence = "Cannot create a message receiver on an entity with auto-forwarding enabled.";
  const client: ServiceBusClient = under.client("receiver");
  for (const receiver of [
    client.createReceiver("forwarding"),
    client.createReceiver("forwarding-dead", { subQueueType: "deadLetter" }),
  ]) {
    await expect(receiver.receiveMessages(1, { maxWaitTimeInMs: 300 })).rejects.toThrow(sentence);
    await expect(receiver.peekMessages(1)).rejects.toThrow(sentence);
  }
  await expect(client.createReceiver("forwarding-dead").peekMessages(1)).resolves.toEqual([]);
});

test.each([
  ["a property above 32 KB", { applicationProperties: { a: "x".repeat(32_768) } }, "ServiceBusy|GeneralError"],
  [
    "properties above 64 KB together",
    { applicationProperties: Object.fromEntries(["a", "b", "c"].map((name) => [name, "x".repeat(30_000)])) },
    "MessageSizeExceeded",
  ],
])("%s is refused", async (_what, message, code) => {
  await expect(send("queue1", { body: 1, ...message })).rejects.toMatchObject({
    code: expect.stringMatching(code) as string,
  });
  await send("queue1", { body: 1, applicationProperties: { a: "x".repeat(32_000) } });
  expect(active("queue1")).toBe(1);
});
