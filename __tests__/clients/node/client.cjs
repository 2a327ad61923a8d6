// Does what CAPABILITIES names, by @azure/service-bus, and prints one line of JSON for each: {"id", "error"?}.
const assert = require("node:assert/strict");
const { setTimeout: pause } = require("node:timers/promises");
const { ManagedIdentityCredential } = require("@azure/identity");
const { ServiceBusAdministrationClient, ServiceBusClient } = require("@azure/service-bus");
const { WebSocket } = require("ws");

const { SERVICE_BUS_HOST, SERVICE_BUS_ADDRESS, SERVICE_BUS_WEB, AZURE_CLIENT_ID } = process.env;
const credential = new ManagedIdentityCredential({ clientId: AZURE_CLIENT_ID });
const retryOptions = { maxRetries: 0, timeoutInMs: 10_000 };
const client = new ServiceBusClient(SERVICE_BUS_HOST, credential, {
  customEndpointAddress: SERVICE_BUS_ADDRESS,
  retryOptions,
});

const send = async (entity, ...messages) => {
  const sender = client.createSender(entity);
  await sender.sendMessages(messages);
  await sender.close();
};
const take = async (receiver, count = 1) => {
  const messages = [];
  while (messages.length < count) {
    const came = await receiver.receiveMessages(count - messages.length, { maxWaitTimeInMs: 5_000 });
    assert.notEqual(came.length, 0, "nothing came");
    messages.push(...came);
  }
  return messages;
};

const STEPS = {
  async send() {
    const sender = client.createSender("node");
    await sender.sendMessages({ body: "one", applicationProperties: { yes: true, n: 1 } });
    const batch = await sender.createMessageBatch();
    for (const body of ["two", "three", "four"]) assert.ok(batch.tryAddMessage({ body }));
    await sender.sendMessages(batch);
  },
  async settle() {
    const receiver = client.createReceiver("node");
    const [one, two, three, four] = await take(receiver, 4);
    assert.deepEqual(one.applicationProperties, { yes: true, n: 1 });
    await receiver.completeMessage(one);
    await receiver.abandonMessage(two);
    await receiver.deferMessage(three);
    await receiver.deadLetterMessage(four, { deadLetterReason: "why", deadLetterErrorDescription: "because" });
    const [deferred] = await receiver.receiveDeferredMessages(three.sequenceNumber);
    await receiver.completeMessage(deferred);
    const [again] = await take(receiver);
    assert.deepEqual([again.body, again.deliveryCount], ["two", 1]);
    await receiver.completeMessage(again);
  },
  async "dead-letters"() {
    const receiver = client.createReceiver("node", { subQueueType: "deadLetter" });
    const [letter] = await take(receiver);
    assert.deepEqual([letter.deadLetterReason, letter.deadLetterErrorDescription], ["why", "because"]);
    await receiver.completeMessage(letter);
  },
  async "receive-and-delete"() {
    await send("node", { body: 1 }, { body: 2 });
    await take(client.createReceiver("node", { receiveMode: "receiveAndDelete" }), 2);
    assert.deepEqual(await client.createReceiver("node").peekMessages(1), []);
  },
  async renew() {
    await send("node", { body: 1 });
    const receiver = client.createReceiver("node");
    const [message] = await take(receiver);
    const before = message.lockedUntilUtc;
    await pause(20);
    assert.ok((await receiver.renewMessageLock(message)) > before);
    await receiver.completeMessage(message);
  },
  async peek() {
    await send("node", { body: 1 }, { body: 2 });
    assert.equal((await client.createReceiver("node").peekMessages(5)).length, 2);
    await take(client.createReceiver("node", { receiveMode: "receiveAndDelete" }), 2);
  },
  async schedule() {
    const sender = client.createSender("node");
    const [first, second] = await sender.scheduleMessages(
      [{ body: "no" }, { body: "yes" }],
      new Date(Date.now() + 900),
    );
    await sender.cancelScheduledMessages(first);
    const receiver = client.createReceiver("node");
    assert.equal((await receiver.peekMessages(5))[0].state, "scheduled");
    const [message] = await take(receiver);
    assert.deepEqual([message.body, String(message.enqueuedSequenceNumber)], ["yes", String(second)]);
    await receiver.completeMessage(message);
  },
  async sessions() {
    await send("node-sessions", { body: 1, sessionId: "one" }, { body: 2, sessionId: "two" });
    const named = await client.acceptSession("node-sessions", "one");
    await named.setSessionState("state");
    assert.equal(await named.getSessionState(), "state");
    await named.renewSessionLock();
    await named.completeMessage((await take(named))[0]);
    const next = await client.acceptNextSession("node-sessions");
    assert.equal(next.sessionId, "two");
    await next.completeMessage((await take(next))[0]);
    await Promise.all([named.close(), next.close()]);
  },
  async topics() {
    await send("node-topic", { body: 1 });
    const receiver = client.createReceiver("node-topic", "all");
    await receiver.completeMessage((await take(receiver))[0]);
  },
  async "not-found"() {
    await assert.rejects(send("nothing", { body: 1 }), { code: "MessagingEntityNotFound" });
  },
  async "too-large"() {
    await assert.rejects(send("node", { body: "x".repeat(2_000_000) }), { code: "MessageSizeExceeded" });
  },
  async forwarding() {
    await assert.rejects(client.createReceiver("node-forwarding").peekMessages(1), /auto-forwarding enabled/);
  },
  async administration() {
    const { host } = new URL(SERVICE_BUS_WEB);
    const administration = new ServiceBusAdministrationClient(host, credential, { retryOptions: { maxRetries: 0 } });
    await administration.createQueue("node-made", { maxDeliveryCount: 4 });
    await send("node-made", { body: 1 });
    assert.equal((await administration.getQueueRuntimeProperties("node-made")).activeMessageCount, 1);
    await administration.deleteQueue("node-made");
    assert.equal(await administration.queueExists("node-made"), false);
  },
  async "web-socket"() {
    const { host } = new URL(SERVICE_BUS_WEB);
    const web = new ServiceBusClient(SERVICE_BUS_HOST, credential, {
      customEndpointAddress: `sb://${host}`,
      webSocketOptions: { webSocket: WebSocket },
      retryOptions,
    });
    await web.createSender("node").sendMessages({ body: "by web" });
    const receiver = web.createReceiver("node");
    const [message] = await take(receiver);
    assert.equal(message.body, "by web");
    await receiver.completeMessage(message);
    await web.close();
  },
  async rules() {
    const rules = client.createRuleManager("node-topic", "all");
    await rules.createRule("red", { sqlExpression: "colour = 'red'" });
    await rules.deleteRule("$Default");
    const names = [];
    for await (const { name } of rules.listRules()) names.push(name);
    assert.deepEqual(names, ["red"]);
  },
};

async function main() {
  for (const [id, step] of Object.entries(STEPS)) {
    const error = await step().then(
      () => undefined,
      (reason) => String(reason.stack ?? reason),
    );
    console.log(JSON.stringify({ id, ...(error === undefined ? {} : { error }) }));
  }
  await client.close();
}

main();
