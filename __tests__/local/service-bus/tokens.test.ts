import { setTimeout as pause } from "node:timers/promises";
import { ServiceBusClient } from "@azure/service-bus";
import { type BrokerUnderTest, brokerWith, messagingOnly, queue } from "../../support/local";
import { plainConnection } from "../../support/plain-amqp";

let under: BrokerUnderTest;
let clients: ServiceBusClient[] = [];
beforeEach(async () => {
  under = await brokerWith(messagingOnly([queue()]), { tokenMs: 500, idleMs: 1_000 });
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close().catch(() => undefined)));
  clients = [];
  expect(under.broker.failures).toEqual([]);
  await under.stop();
});

/** A client whose tokens live that long. @param tokens how many it gets; then a refresh fails. @default as many as it asks for */
function client(lifetimeSeconds: number, tokens = Infinity): ServiceBusClient {
  let given = 0;
  const made = new ServiceBusClient(
    "primary.servicebus.windows.net",
    {
      getToken: () => {
        if (given >= tokens) return Promise.reject(new Error("The identity is gone."));
        given += 1;
        const principal = { principalId: "receiver", clientId: "receiver" };
        const { token } = under.authority.issue(principal, "https://servicebus.azure.net/", lifetimeSeconds);
        // The library believes that it has an hour: it refreshes nothing by itself.
        return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
      },
    },
    {
      customEndpointAddress: `sb://localhost:${under.broker.port("primary")}`,
      retryOptions: { maxRetries: 0, timeoutInMs: 2_000 },
    },
  );
  clients.push(made);
  return made;
}

async function sendOne(id: string): Promise<void> {
  await under.client("sender").createSender("queue1").sendMessages({ messageId: id, body: 1 });
}

test("a link is dropped when its token ends, and a client that gets another goes on", async () => {
  const received: string[] = [];
  client(2)
    .createReceiver("queue1")
    .subscribe({
      processMessage: ({ messageId }) => {
        received.push(String(messageId));
        return Promise.resolve();
      },
      processError: () => Promise.resolve(),
    });
  await sendOne("before");
  await pause(3_000);
  await sendOne("after");
  for (const until = Date.now() + 10_000; received.length < 2 && Date.now() < until;) await pause(50);
  expect(received).toEqual(["before", "after"]);
}, 20_000);

test("a refresh that fails shows: nothing is received any more", async () => {
  const [received, errors]: [string[], string[]] = [[], []];
  client(2, 1)
    .createReceiver("queue1")
    .subscribe({
      processMessage: ({ messageId }) => {
        received.push(String(messageId));
        return Promise.resolve();
      },
      processError: ({ error }) => {
        errors.push(error.message);
        return Promise.resolve();
      },
    });
  await sendOne("before");
  await pause(3_000);
  await sendOne("after");
  await pause(1_500);
  expect(received).toEqual(["before"]);
  expect(errors.join()).toContain("The identity is gone.");
}, 20_000);

test("a connection without a token is dropped", async () => {
  const { container, connection } = plainConnection(under);
  const began = Date.now();
  await new Promise((done) => container.once("disconnected", done));
  expect(Date.now() - began).toBeGreaterThanOrEqual(400);
  connection.close();
});

test("a connection that has no link any more is closed, and one with a link is not", async () => {
  const made = client(3_600);
  const closes: string[] = [];
  const receiver = made.createReceiver("queue1");
  receiver.subscribe({
    processMessage: () => Promise.resolve(),
    processError: ({ error }) => {
      closes.push(error.message);
      return Promise.resolve();
    },
  });
  await pause(1_500);
  expect(closes).toEqual([]);
  await receiver.close();
  const context = (made as unknown as { _connectionContext: { connection: { isOpen(): boolean } } })._connectionContext;
  expect(context.connection.isOpen()).toBe(true);
  for (const until = Date.now() + 5_000; context.connection.isOpen() && Date.now() < until;) await pause(50);
  expect(context.connection.isOpen()).toBe(false);
}, 20_000);
