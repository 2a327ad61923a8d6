import type { SubscriptionDefinition } from "../../../local/azure/messaging";
import { brokerWith, messagingOnly, queue, subscription, topic } from "../../support/local";

/** What each subscription of a topic gets of some messages, by their ids. */
async function spread(
  subscriptions: (Partial<SubscriptionDefinition> & { name: string })[],
  messages: { messageId: string; [key: string]: unknown }[],
): Promise<Record<string, { messageId: unknown; properties: unknown; subject: unknown }[]>> {
  const under = await brokerWith(messagingOnly([queue()], [topic({ subscriptions: subscriptions.map(subscription) })]));
  try {
    await under
      .client("sender")
      .createSender("topic1")
      .sendMessages(messages.map((message) => ({ body: 1, ...message })));
    const found: Record<string, { messageId: unknown; properties: unknown; subject: unknown }[]> = {};
    for (const { name } of subscriptions) {
      const receiver = under.client("receiver").createReceiver("topic1", name, { receiveMode: "receiveAndDelete" });
      const received = await receiver.receiveMessages(50, { maxWaitTimeInMs: 250 });
      found[name] = received.map(({ messageId, applicationProperties, subject }) => ({
        messageId,
        properties: applicationProperties,
        subject,
      }));
    }
    return found;
  } finally {
    await under.stop();
  }
}

const ids = (messages: { messageId: unknown }[] | undefined) => messages?.map(({ messageId }) => messageId);

test("every subscription gets its copy, as its rules say", async () => {
  const found = await spread(
    [
      { name: "all" },
      { name: "red", rules: [{ name: "r", sqlFilter: "colour = 'red' AND size > 2" }] },
      {
        name: "by-id",
        rules: [{ name: "r", correlationFilter: { correlationId: "c", properties: { colour: "blue" } } }],
      },
      {
        name: "marked",
        rules: [
          { name: "plain", sqlFilter: "colour IS NOT NULL" },
          {
            name: "r",
            sqlFilter: "size >= 3",
            action: "SET sys.Label = 'large'; SET doubled = size * 2; REMOVE colour",
          },
        ],
      },
    ],
    [
      { messageId: "1", applicationProperties: { colour: "red", size: 3 } },
      { messageId: "2", applicationProperties: { colour: "blue", size: 1 }, correlationId: "c" },
      { messageId: "3" },
    ],
  );
  expect(ids(found.all)).toEqual(["1", "2", "3"]);
  expect(ids(found.red)).toEqual(["1"]);
  expect(ids(found["by-id"])).toEqual(["2"]);
  // One copy for all rules without an action, and one for each with one.
  expect(found.marked).toEqual([
    { messageId: "1", properties: { colour: "red", size: 3 }, subject: undefined },
    { messageId: "1", properties: { size: 3, doubled: 6 }, subject: "large" },
    { messageId: "2", properties: { colour: "blue", size: 1 }, subject: undefined },
  ]);
});

test("a filter that cannot be evaluated dead-letters, and keeps no other subscription from its copy", async () => {
  const under = await brokerWith(
    messagingOnly(
      [],
      [
        topic({
          subscriptions: [
            subscription({ name: "failing", rules: [{ name: "r", sqlFilter: "size + 1 > 2" }] }),
            subscription({ name: "other" }),
          ],
        }),
      ],
    ),
  );
  try {
    await under
      .client("sender")
      .createSender("topic1")
      .sendMessages({ body: 1, applicationProperties: { size: "large" } });
    const receiver = under.client("receiver");
    const dead = receiver.createReceiver("topic1", "failing", { subQueueType: "deadLetter" });
    expect((await dead.receiveMessages(1, { maxWaitTimeInMs: 500 }))[0]?.deadLetterReason).toBe(
      "FilterEvaluationException",
    );
    const other = receiver.createReceiver("topic1", "other");
    expect(await other.receiveMessages(1, { maxWaitTimeInMs: 500 })).toHaveLength(1);
  } finally {
    await under.stop();
  }
});
