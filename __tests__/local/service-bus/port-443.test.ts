import { ServiceBusAdministrationClient, ServiceBusClient } from "@azure/service-bus";
import { WebSocket } from "ws";
import { brokerWith, type BrokerUnderTest, idOf, messagingOnly, queue, topic } from "../../support/local";
import { resourceManager, type ResourceManagerUnderTest } from "../../support/resource-manager";

/** A namespace's port 443: AMQP over WebSocket, and the management API, by the unmodified SDK. */
let under: BrokerUnderTest;
let manager: ResourceManagerUnderTest;
beforeAll(async () => {
  const azure = messagingOnly([queue()], [topic()]);
  azure.roleAssignments.put({ principalId: "owner", role: "Azure Service Bus Data Owner", scope: idOf("primary") });
  under = await brokerWith(azure);
  manager = await resourceManager(azure);
  under.broker.manage = (request) => manager.manager.handle(request);
});
afterAll(async () => {
  expect([...under.broker.failures, ...manager.manager.failures]).toEqual([]);
  await manager.stop();
  await under.stop();
});

const credential = (who: string) => ({
  getToken: () => {
    const { token } = under.authority.issue({ principalId: who, clientId: who }, "https://servicebus.azure.net/");
    return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
  },
});
const administration = (who = "owner", namespace = "primary") =>
  new ServiceBusAdministrationClient(`localhost:${under.broker.webPort(namespace)}`, credential(who), {
    retryOptions: { maxRetries: 0 },
  });
const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

const byWebSocket = () =>
  new ServiceBusClient("primary.servicebus.windows.net", credential("owner"), {
    customEndpointAddress: `sb://localhost:${under.broker.webPort("primary")}`,
    webSocketOptions: { webSocket: WebSocket },
    retryOptions: { maxRetries: 3, retryDelayInMs: 100, timeoutInMs: 5_000 },
  });

test("AMQP over WebSocket: a message goes there and back", async () => {
  const client = byWebSocket();
  await client.createSender("queue1").sendMessages({ body: "x".repeat(200_000), messageId: "web" });
  const receiver = client.createReceiver("queue1");
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 2_000 });
  expect([message?.messageId, (message?.body as string).length]).toEqual(["web", 200_000]);
  if (message) await receiver.completeMessage(message);
  await client.close();
});

test("a connection by WebSocket is cut with the others, and comes back", async () => {
  const client = byWebSocket();
  const sender = client.createSender("queue1");
  await sender.createMessageBatch();
  expect(under.broker.cut("primary")).toBe(1);
  await sender.sendMessages({ body: "again" });
  await client.close();
  expect(under.broker.entities("primary").receivable("queue1").deleteOldest(10, Infinity)).toBe(1);
});

describe("queues", () => {
  test("are made, shown, changed, listed and deleted", async () => {
    const client = administration();
    const created = await client.createQueue("made", {
      lockDuration: "PT45S",
      maxDeliveryCount: 4,
      requiresSession: true,
      forwardDeadLetteredMessagesTo: "queue1",
      userMetadata: "for a test",
    });
    expect(created).toMatchObject({
      name: "made",
      lockDuration: "PT45S",
      maxDeliveryCount: 4,
      requiresSession: true,
      status: "Active",
      availabilityStatus: "Available",
      userMetadata: "for a test",
    });
    expect(created.forwardDeadLetteredMessagesTo).toMatch(/\/queue1$/);
    expect(under.broker.entities("primary").receivable("made").settings.maxDeliveryCount).toBe(4);
    expect(await client.updateQueue({ ...created, maxDeliveryCount: 7 })).toMatchObject({ maxDeliveryCount: 7 });
    expect((await all(client.listQueues())).map(({ name }) => name)).toEqual(["queue1", "made"]);
    expect(await client.queueExists("made")).toBe(true);
    await client.deleteQueue("made");
    expect(await client.queueExists("made")).toBe(false);
  });

  test("have counts and times", async () => {
    const before = new Date(Date.now() - 1);
    await under
      .client("sender")
      .createSender("queue1")
      .sendMessages([{ body: 1 }, { body: 2 }]);
    const shown = await administration().getQueueRuntimeProperties("queue1");
    expect(shown).toMatchObject({ activeMessageCount: 2, totalMessageCount: 2, deadLetterMessageCount: 0 });
    expect(shown.sizeInBytes).toBeGreaterThan(0);
    expect(shown.accessedAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(shown.createdAt.getTime()).toBeLessThanOrEqual(before.getTime());
    under.broker.entities("primary").receivable("queue1").deleteOldest(10, Infinity);
  });

  test("what Azure refuses is refused", async () => {
    const client = administration();
    await expect(client.createQueue("queue1")).rejects.toMatchObject({ code: "MessageEntityAlreadyExistsError" });
    await expect(client.getQueue("none")).rejects.toMatchObject({ code: "MessageEntityNotFoundError" });
    await expect(client.deleteQueue("none")).rejects.toMatchObject({ code: "MessageEntityNotFoundError" });
    await expect(client.createQueue("long", { lockDuration: "PT10M" })).rejects.toMatchObject({ statusCode: 400 });
    await expect(client.createQueue("lost", { forwardTo: "none" })).rejects.toMatchObject({ statusCode: 400 });
    await expect(client.createQueue("topic1")).rejects.toMatchObject({ code: "MessageEntityAlreadyExistsError" });
  });

  test("take an owner's token and no other, and the secondary takes no change", async () => {
    for (const [who, statusCode] of [
      ["sender", 403],
      ["nobody", 403],
    ] as const) {
      await expect(administration(who).getQueue("queue1")).rejects.toMatchObject({ statusCode });
    }
    const withKey = new ServiceBusAdministrationClient(
      `Endpoint=sb://localhost:${under.broker.webPort("primary")}/;SharedAccessKeyName=k;SharedAccessKey=aGVsbG8=`,
      { retryOptions: { maxRetries: 0 } },
    );
    await expect(withKey.getQueue("queue1")).rejects.toMatchObject({ statusCode: 401 });
    under.azure.roleAssignments.put({
      principalId: "owner",
      role: "Azure Service Bus Data Owner",
      scope: idOf("secondary"),
    });
    await expect(administration("owner", "secondary").createQueue("extra")).rejects.toMatchObject({ statusCode: 400 });
  });
});

test("topics, subscriptions and their rules are made, shown, changed and deleted", async () => {
  const client = administration();
  await client.createTopic("news", { supportOrdering: true });
  await client.createSubscription("news", "all", { maxDeliveryCount: 3 });
  await client.createSubscription("news", "red", {
    defaultRuleOptions: { name: "only", filter: { sqlExpression: "colour = 'red'" } },
  });
  expect((await all(client.listSubscriptions("news"))).map(({ subscriptionName }) => subscriptionName)).toEqual([
    "all",
    "red",
  ]);
  expect(await all(client.listRules("news", "all"))).toMatchObject([
    { name: "$Default", filter: { sqlExpression: "1=1" } },
  ]);
  await client.createRule(
    "news",
    "all",
    "mine",
    { correlationId: "me", applicationProperties: { n: 1, s: "t", b: true } },
    { sqlExpression: "SET a = 1" },
  );
  expect(await client.getRule("news", "all", "mine")).toMatchObject({
    filter: { correlationId: "me", applicationProperties: { n: 1, s: "t", b: true } },
    action: { sqlExpression: "SET a = 1" },
  });
  await client.deleteRule("news", "all", "$Default");
  await under
    .client("sender")
    .createSender("news")
    .sendMessages([
      { body: 1, applicationProperties: { colour: "red" } },
      { body: 2, correlationId: "me", applicationProperties: { n: 1, s: "t", b: true } },
    ]);
  for (const name of ["all", "red"]) {
    expect(await client.getSubscriptionRuntimeProperties("news", name)).toMatchObject({ activeMessageCount: 1 });
  }
  expect(await client.getTopicRuntimeProperties("news")).toMatchObject({ subscriptionCount: 2 });
  await expect(client.getRule("news", "all", "none")).rejects.toMatchObject({ code: "MessageEntityNotFoundError" });
  await client.deleteSubscription("news", "red");
  await client.deleteTopic("news");
  expect(await client.topicExists("news")).toBe(false);
});

test("a rule whose change is refused stays as it is, and names with slashes are refused", async () => {
  const client = administration();
  const rule = { name: "$Default", filter: { sqlExpression: "colour ==" }, action: {} };
  await expect(client.updateRule("topic1", "subscription1", rule as never)).rejects.toMatchObject({ statusCode: 400 });
  expect((await all(client.listRules("topic1", "subscription1"))).map(({ name }) => name)).toEqual(["$Default"]);
  await expect(client.createQueue("a/b")).rejects.toMatchObject({ statusCode: 400 });
  await expect(client.createQueue("wrong", { status: "Foo" as never })).rejects.toMatchObject({ statusCode: 400 });
});

test("long lists come in pages, and the namespace tells what it is", async () => {
  const client = administration();
  for (let index = 0; index < 3; index += 1) await client.createQueue(`paged-${index}`);
  const pages = [];
  for await (const page of client.listQueues().byPage({ maxPageSize: 2 })) pages.push(page.length);
  expect(pages).toEqual([2, 2]);
  expect(await client.getNamespaceProperties()).toMatchObject({ name: "primary", messagingSku: "Premium" });
});
