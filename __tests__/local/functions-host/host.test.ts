import { setTimeout as pause } from "node:timers/promises";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { buildSync } from "esbuild";
import { zipSync } from "fflate";
import { message } from "rhea";
import type { Azure } from "../../../local/azure/azure";
import { MessageFlow } from "../../../local/flow/message-flow";
import { LocalAzure, type LocalAzureProps } from "../../../local/local-azure";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { Content } from "../../../local/service-bus/entities/content";
import { Failure } from "../../../failure";
import { edited, zoneLinkedToTheSpoke } from "../../support/edits";
import { freshFolder, stacksWithPackages } from "../../support/local";
import { singleRegion, topologyWith } from "../../support/topologies";

jest.setTimeout(60_000);

const PRODUCER = "lockdown-pc-producer-eastus2";
const JSON_TYPE = { "content-type": "application/json" };
const CONSUMER = "lockdown-pc-consumer-eastus2";

let oneRegion: SynthesizedStack[];
beforeAll(() => {
  oneRegion = stacksWithPackages(topologyWith(singleRegion));
});

/** Workers and servers of this process. */
const running = () => process.getActiveResourcesInfo().filter((name) => /ProcessWrap|TCPServer/.test(name));
const runningBefore = running();

let local: LocalAzure | undefined;
afterEach(async () => {
  await local?.stop();
  local = undefined;
  // After every test nothing is left running. Node lets go of a handle some turns after it has ended.
  for (let waited = 0; running().length > runningBefore.length && waited < 5_000; waited += 20) await pause(20);
  expect(running().length).toBeLessThanOrEqual(runningBefore.length);
});

/** Starts an Azure in which one app runs, with this code in place of its package. */
async function startOnly(app: string, code: string): Promise<LocalAzure> {
  return await start({
    prepare: (azure) => {
      only(azure, app);
      deploy(azure, app, code);
    },
  });
}

async function start(props: Partial<LocalAzureProps> = {}): Promise<LocalAzure> {
  local = await LocalAzure.start({ stacks: oneRegion, folder: freshFolder(), telemetry: false, ...props });
  return local;
}

/** A package of one's own instead of the shipped one. */
function deploy(azure: Azure, app: string, source: string, hostJson = '{"version":"2.0"}'): void {
  const folder = freshFolder();
  const [bundle] = buildSync({
    stdin: { contents: source, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    external: ["@azure/functions-core"],
  }).outputFiles;
  const text = (value: string) => new TextEncoder().encode(value);
  const path = join(folder, "own.zip");
  const zip = zipSync({
    "host.json": text(hostJson),
    "package.json": text('{"main":"index.js"}'),
    "index.js": bundle?.contents ?? text(""),
  });
  writeFileSync(path, zip);
  const hash = createHash("sha256").update(basename(path)).update("\0").update(zip).digest("hex");
  const siteId = azure.apps.all().find(({ name }) => name === app)?.id ?? "";
  azure.packages.put({ siteId, path, hash });
}

function only(azure: Azure, app: string): void {
  for (const { id, name } of azure.apps.all()) if (name !== app) azure.apps.remove(id);
}

test("the shipped packages run as the stacks would deploy them: routes, status, and every instance takes its share", async () => {
  const { host } = await start();
  const { url } = host.app(PRODUCER);
  expect(await (await fetch(`${url}/api/health`)).json()).toEqual({ status: "ok", app: "producer" });
  expect(await (await fetch(`${url}/admin/host/status`)).json()).toMatchObject({ id: PRODUCER, state: "Running" });
  expect((await fetch(`${url}/api/nowhere`)).status).toBe(404);
  expect((await fetch(`${url}/api/messages/queue1`)).status).toBe(404);
  for (const path of ["//", "/%ff"]) expect([path, await statusOf(url, path)]).toEqual([path, 400]);
  expect((await fetch(`${url}/api/messages/%ff`, { method: "POST", body: "{}", headers: JSON_TYPE })).status).toBe(400);
  expect((await fetch(`${url}/api/messages/nope`, { method: "POST", body: "{}", headers: JSON_TYPE })).status).toBe(
    404,
  );
  const flow = MessageFlow.ofOnlyStamp(local as LocalAzure);
  await flow.posting.post({ count: 400, batch: 20, region: "eastus2" });
  expect(await flow.draining.drained(30_000)).toBe(true);
  const ledger = flow.observing.ledger();
  expect(ledger).toMatchObject({ accepted: 400, balanced: true, repeated: [] });
  expect(Object.keys(ledger.processed.eastus2 ?? {}).sort()).toEqual([`${CONSUMER}-1`, `${CONSUMER}-2`]);
});

test("sessions are taken by their triggers, in order", async () => {
  const stacks = stacksWithPackages(
    topologyWith((stamp) => {
      singleRegion(stamp);
      stamp.queues = [{ name: "ordered", requiresSession: true }];
      stamp.topics = [];
    }),
  );
  await start({ stacks });
  const flow = MessageFlow.ofOnlyStamp(local as LocalAzure);
  await flow.posting.post({ count: 60, batch: 20, parallel: 1, region: "eastus2" });
  expect(await flow.draining.drained(30_000)).toBe(true);
  expect(flow.observing.ledger()).toMatchObject({ accepted: 60, balanced: true, repeated: [] });
  // Ten sessions by turns: message-000001 and message-000011 are of one.
  const inTime = [...flow.observing.processed()].sort((one, other) => one.at - other.at);
  for (let session = 0; session < 10; session += 1) {
    const ids = inTime.map(({ messageId }) => messageId).filter((id) => Number(id.slice(-6)) % 10 === session);
    expect(ids).toEqual([...ids].sort());
  }
});

test("a body is a function's as it was sent: what is JSON twice over is parsed once, as in Azure", async () => {
  await startOnly(
    CONSUMER,
    `const { app } = require("@azure/functions");
         app.serviceBusQueue("q", { connection: "ServiceBus", queueName: "queue1", handler: (body, context) => context.log(JSON.stringify({ body })) });`,
  );
  const { broker, host } = local as LocalAzure;
  const bodies = ['{"a":1}', '"{\\"a\\":1}"', "plain", "17"];
  for (const [index, text] of bodies.entries()) {
    const bytes = message.encode({
      message_id: String(index),
      body: message.data_section(Buffer.from(text)) as unknown,
    });
    broker.entities("lockdown-pc-eastus2").send("queue1", [Content.of(bytes)]);
  }
  const lines = () =>
    host.app(CONSUMER).instances.flatMap(({ logPath }) =>
      readFileSync(logPath, "utf8")
        .split("\n")
        .filter((line) => line.includes('"category":"user"'))
        .map((line) => (JSON.parse((JSON.parse(line) as { message: string }).message) as { body: unknown }).body),
    );
  for (let waited = 0; lines().length < bodies.length && waited < 20_000; waited += 50) await pause(50);
  expect(new Set(lines().map((body) => JSON.stringify(body)))).toEqual(
    new Set(['{"a":1}', '"{\\"a\\":1}"', '"plain"', "17"]),
  );
});

/** What functions of an app logged, each line as JSON. */
function logged(app: string): Record<string, unknown>[] {
  const { host } = local as LocalAzure;
  return host.app(app).instances.flatMap(({ logPath }) =>
    readFileSync(logPath, "utf8")
      .split("\n")
      .filter((line) => line.includes('"category":"user"'))
      .map((line) => JSON.parse((JSON.parse(line) as { message: string }).message) as Record<string, unknown>),
  );
}

/** Of a path that no client's library would send. */
function statusOf(url: string, path: string): Promise<number | undefined> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    get({ host, port, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).once("error", reject);
  });
}

async function loggedAtLeast(app: string, count: number): Promise<Record<string, unknown>[]> {
  for (let waited = 0; logged(app).length < count && waited < 20_000; waited += 50) await pause(50);
  return logged(app);
}

test("process() sees exactly what was posted: ids that look like JSON, large numbers, names of the trigger's metadata", async () => {
  await start({
    prepare: (azure) => {
      deploy(
        azure,
        CONSUMER,
        `const { registerConsumer } = require("./functions/consumer/register.ts");
         registerConsumer(process.env, async ({ text }, { messageId, correlationId, deliveryCount }, sink) =>
           sink.log(JSON.stringify({ text, messageId, correlationId, deliveryCount })));`,
      );
    },
  });
  const { url } = (local as LocalAzure).host.app(PRODUCER);
  const post = async (body: string | Buffer, type = "application/json") =>
    (
      await fetch(`${url}/api/messages/queue1`, {
        method: "POST",
        body: body,
        headers: { "content-type": type, "x-correlation-id": "1e5" },
      })
    ).status;
  const ids = ["42", "1e5", "true", "null", "123456789012345678901234567890"];
  const bodies = [
    ...ids.map((id) => `{"id":"${id}"}`),
    '{"id":"order-1","messageId":"upstream-77","correlationId":"other","deliveryCount":9}',
    '{"id":"big","tenantId":4603086877212508601,"amount":1e400}',
  ];
  for (const body of bodies) expect(await post(body)).toBe(202);
  expect(await post(Buffer.from('{"id":"lat1","name":"José"}', "latin1"), "application/json; charset=iso-8859-1")).toBe(
    202,
  );
  expect(await post(Buffer.from('{"id":"lat1","name":"José"}', "latin1"))).toBe(400);
  expect(await post('[{"id":"\\ud800"},{"id":"\\ud801"}]')).toBe(400);
  expect(await post(`{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`)).toBe(400);
  // The consumer logs a line of its own for each message.
  const lines = (await loggedAtLeast(CONSUMER, 2 * (bodies.length + 1))).filter(({ text }) => text !== undefined);
  expect(new Set(lines.map(({ text }) => text))).toEqual(new Set([...bodies, '{"id":"lat1","name":"José"}']));
  expect(new Set(lines.map(({ messageId }) => messageId))).toEqual(new Set([...ids, "order-1", "big", "lat1"]));
  for (const line of lines) expect(line).toMatchObject({ correlationId: "1e5", deliveryCount: 1 });
});

test("of a text the host copies a JSON object's members over the metadata, of bytes it does not, as in Azure", async () => {
  await startOnly(
    CONSUMER,
    `const { app } = require("@azure/functions");
         const handler = (body, context) => {
           const { messageId, deliveryCount, extra, list, nothing } = context.triggerMetadata;
           context.log(JSON.stringify({ bytes: Buffer.isBuffer(body), messageId, deliveryCount, extra, list, nothing }));
         };
         app.serviceBusQueue("text", { connection: "ServiceBus", queueName: "queue1", handler });
         app.serviceBusTopic("bytes", { connection: "ServiceBus", topicName: "topic1", subscriptionName: "subscription1", dataType: "binary", handler });`,
  );
  const body = '{"messageId":"upstream-77","DELIVERYCOUNT":9,"extra":{"a":true},"list":[1],"nothing":null}';
  for (const entity of ["queue1", "topic1"]) {
    const bytes = message.encode({ message_id: "m-1", body: message.data_section(Buffer.from(body)) as unknown });
    (local as LocalAzure).broker.entities("lockdown-pc-eastus2").send(entity, [Content.of(bytes)]);
  }
  const lines = await loggedAtLeast(CONSUMER, 2);
  expect(lines.sort((one, other) => Number(one.bytes) - Number(other.bytes))).toEqual([
    { bytes: false, messageId: "upstream-77", deliveryCount: 9, extra: { a: true } },
    { bytes: true, messageId: "m-1", deliveryCount: 1 },
  ]);
});

test("the lock of a prefetched message runs out while it waits, as in Azure; of one that is processed it is renewed", async () => {
  await start({
    instances: 1,
    prepare: (azure) => {
      only(azure, CONSUMER);
      const [namespace] = azure.namespaces.all();
      const { queues, topics } = azure.entitiesOf(namespace?.id ?? "");
      azure.declareEntities(namespace?.id ?? "", {
        queues: queues.map((queue) => ({ ...queue, lockDurationMs: 1_000 })),
        topics,
      });
      deploy(
        azure,
        CONSUMER,
        `const { app } = require("@azure/functions");
         app.serviceBusQueue("q", { connection: "ServiceBus", queueName: "queue1", handler: async (body, context) => {
           await new Promise((done) => setTimeout(done, 1800));
           context.log(JSON.stringify({ id: context.triggerMetadata.messageId }));
         } });`,
        JSON.stringify({ version: "2.0", extensions: { serviceBus: { prefetchCount: 3, maxConcurrentCalls: 1 } } }),
      );
    },
  });
  const { broker } = local as LocalAzure;
  for (const id of ["first", "second", "third"]) {
    const bytes = message.encode({ message_id: id, body: message.data_section(Buffer.from("{}")) as unknown });
    broker.entities("lockdown-pc-eastus2").send("queue1", [Content.of(bytes)]);
  }
  await loggedAtLeast(CONSUMER, 3);
  const expired = broker.redeliveries.filter(({ cause }) => cause === "lock expired").map(({ messageId }) => messageId);
  expect(expired).toEqual(expect.arrayContaining(["second", "third"]));
  expect(expired).not.toContain("first");
});

test("a message whose function throws takes no other along that ends at the same moment", async () => {
  await start({
    instances: 1,
    prepare: (azure) => {
      only(azure, CONSUMER);
      deploy(
        azure,
        CONSUMER,
        `const { app } = require("@azure/functions");
         const waiting = [];
         app.serviceBusQueue("q", { connection: "ServiceBus", queueName: "queue1", handler: async (body, context) => {
           const { messageId, deliveryCount } = context.triggerMetadata;
           if (deliveryCount === 1) {
             await new Promise((done) => { if (waiting.push(done) === 4) for (const each of waiting) each(); });
             if (messageId === "bad") throw new Error("not this time");
           }
           context.log(JSON.stringify({ messageId, deliveryCount }));
         } });`,
      );
    },
  });
  const { broker } = local as LocalAzure;
  for (const id of ["bad", "good-1", "good-2", "good-3"]) {
    const bytes = message.encode({ message_id: id, body: message.data_section(Buffer.from("{}")) as unknown });
    broker.entities("lockdown-pc-eastus2").send("queue1", [Content.of(bytes)]);
  }
  await loggedAtLeast(CONSUMER, 4);
  expect(broker.redeliveries.map(({ messageId }) => messageId)).toEqual(["bad"]);
});

test("with authentication in the topology the front end asks for a token, as App Service does", async () => {
  const stacks = stacksWithPackages(
    topologyWith((stamp) => {
      singleRegion(stamp);
      stamp.authentication = {
        tenantId: "11111111-1111-1111-1111-111111111111",
        clientId: "22222222-2222-2222-2222-222222222222",
        allowedApplications: ["33333333-3333-3333-3333-333333333333", "55555555-5555-5555-5555-555555555555"],
      };
    }),
  );
  const { host, authority } = await start({ stacks });
  const { url } = host.app(PRODUCER);
  const post = async (clientId?: string) => {
    const token =
      clientId &&
      authority.issue({ principalId: clientId, clientId }, "api://22222222-2222-2222-2222-222222222222").token;
    const headers = {
      ...JSON_TYPE,
      // A caller may write there what it wants.
      "x-ms-client-principal-id": "somebody-else",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    return (await fetch(`${url}/api/messages/queue1`, { method: "POST", body: '{"id":"guessed"}', headers })).status;
  };
  expect(await post()).toBe(401);
  expect(await post("44444444-4444-4444-4444-444444444444")).toBe(401);
  expect(await post("33333333-3333-3333-3333-333333333333")).toBe(202);
  // Twice: the second is the first's duplicate. The other caller's is a message of its own.
  expect(await post("33333333-3333-3333-3333-333333333333")).toBe(202);
  expect(await post("55555555-5555-5555-5555-555555555555")).toBe(202);
  expect((await loggedAtLeast(CONSUMER, 2)).map(({ messageId }) => messageId)).toEqual(["guessed", "guessed"]);
  const flow = MessageFlow.ofOnlyStamp(local as LocalAzure);
  await flow.posting.post({ count: 10, batch: 10, region: "eastus2" });
  expect(await flow.draining.drained(20_000)).toBe(true);
});

test("one caller's oversized messages do not fail another's", async () => {
  const { host } = await start();
  const { url } = host.app(PRODUCER);
  const post = async (body: string) =>
    (await fetch(`${url}/api/messages/queue1`, { method: "POST", body, headers: JSON_TYPE })).status;
  // Body and headers are just over what the queue takes: only the encoded size shows it.
  const oversized = (id: string) => JSON.stringify({ id, text: "x".repeat(1_048_576 - 60) });
  const posts = Array.from({ length: 120 }, (_, index) =>
    index % 6 === 0 ? oversized(`large-${index}`) : JSON.stringify({ id: `small-${index}` }),
  );
  const answers = await Promise.all(posts.map(post));
  expect(answers).toEqual(posts.map((body) => (body.length > 1_000 ? 413 : 202)));
});

test("the last byte that fits is taken, and the next one refused, by what Service Bus really gets", async () => {
  const { host, broker } = await start({
    prepare: (azure) => {
      only(azure, PRODUCER);
    },
  });
  const { url } = host.app(PRODUCER);
  const post = async (id: string, length: number) => {
    const body = JSON.stringify({ id, text: "" });
    const padded = JSON.stringify({ id, text: "x".repeat(length - body.length) });
    return (await fetch(`${url}/api/messages/queue1`, { method: "POST", body: padded, headers: JSON_TYPE })).status;
  };
  const waiting = () => broker.entities("lockdown-pc-eastus2").receivable("queue1").peek(0, Infinity);
  expect(await post("one", 1_000)).toBe(202);
  const beside = (waiting()[0]?.content.size ?? 0) - 1_000;
  expect(beside).toBeGreaterThan(100);
  expect(await post("two", 1_048_576 - beside)).toBe(202);
  expect(await post("six", 1_048_576 - beside + 1)).toBe(413);
  expect(waiting().map(({ content }) => content.messageId)).toEqual(["one", "two"]);
});

test("host.json bounds requests: some run, some wait, and the rest get 429", async () => {
  const { host } = await start({
    prepare: (azure) => {
      only(azure, PRODUCER);
      deploy(
        azure,
        PRODUCER,
        `const { app } = require("@azure/functions");
         let running = 0, most = 0;
         app.http("slow", { route: "slow", authLevel: "anonymous", handler: async () => {
           most = Math.max(most, ++running);
           await new Promise((done) => setTimeout(done, 300));
           running -= 1;
           return { jsonBody: { most } };
         } });`,
        '{"version":"2.0","extensions":{"http":{"maxConcurrentRequests":2,"maxOutstandingRequests":5}}}',
      );
    },
    instances: 1,
  });
  const { url } = host.app(PRODUCER);
  const answers = await Promise.all(Array.from({ length: 9 }, () => fetch(`${url}/api/slow`)));
  const taken = answers.filter(({ status }) => status === 200);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429, 429]);
  for (const answer of taken) expect(((await answer.json()) as { most: number }).most).toBeLessThanOrEqual(2);
});

describe("an instance that is stopped", () => {
  const SLOW_REQUEST = `const { app } = require("@azure/functions");
    app.http("slow", { route: "slow", authLevel: "anonymous", handler: async () => {
      await new Promise((done) => setTimeout(done, 4000));
      return { body: "finished" };
    } });`;
  const SLOW_MESSAGE = `const { app } = require("@azure/functions");
    app.serviceBusQueue("q", { connection: "ServiceBus", queueName: "queue1", handler: async (body, context) => {
      context.log(JSON.stringify({ began: context.triggerMetadata.messageId }));
      await new Promise((done) => setTimeout(done, 4000));
    } });`;

  test("answers the request that is under way, longer than two seconds", async () => {
    const { azure, host } = await startOnly(PRODUCER, SLOW_REQUEST);
    const answering = fetch(`${host.app(PRODUCER).url}/api/slow`);
    await pause(300);
    deploy(azure, PRODUCER, `${SLOW_REQUEST} // anew`);
    expect(await (await answering).text()).toBe("finished");
    await host.settled();
  });

  test.each([
    ["settles the message that it processes", undefined, { active: 0 }],
    ["is not waited for longer than the host's limit", "00:00:01", { active: 1, locked: 1 }],
  ])("%s", async (_what, functionTimeout, counts) => {
    const hostJson = (limit: string | undefined) => JSON.stringify({ version: "2.0", functionTimeout: limit });
    const { azure, broker, host } = await start({
      instances: 1,
      prepare: (model) => {
        only(model, CONSUMER);
        deploy(model, CONSUMER, SLOW_MESSAGE, hostJson(functionTimeout));
      },
    });
    const bytes = message.encode({ message_id: "slow", body: message.data_section(Buffer.from("{}")) as unknown });
    broker.entities("lockdown-pc-eastus2").send("queue1", [Content.of(bytes)]);
    await loggedAtLeast(CONSUMER, 1);
    deploy(
      azure,
      CONSUMER,
      'require("@azure/functions").app.http("none", { handler: () => ({}) });',
      hostJson(undefined),
    );
    await host.settled();
    expect(broker.entities("lockdown-pc-eastus2").receivable("queue1").counts).toMatchObject(counts);
  });
});

/** A function that says what comes of a connection. */
const REACH = `const { app } = require("@azure/functions"); const tls = require("node:tls");
           const reach = (host, port) => new Promise((done) => { const socket = tls.connect({ host, port, servername: host }, () => { socket.end(); done("reached"); }); socket.on("error", (error) => done(error.code)); });
           app.http("reach", { route: "reach/{host}/{port}", authLevel: "anonymous", handler: async ({ params }) => ({ body: await reach(params.host, Number(params.port)) }) });`;

describe("a package of one's own", () => {
  test("gets route parameters, and answers with what it likes; a function with a key is closed", async () => {
    const { host } = await startOnly(
      PRODUCER,
      `const { app } = require("@azure/functions");
           app.http("hello", { route: "hello/{name}/{rest?}", authLevel: "anonymous", methods: ["PUT"],
             handler: async (request) => ({ status: 201, headers: { "x-own": "1" }, body: request.params.name + (request.params.rest ?? "-") + request.query.get("q") + (await request.text()) }) });
           app.http("failing", { authLevel: "anonymous", handler: () => { throw new Error("own") } });
           app.http("keyed", { authLevel: "function", handler: () => ({}) });`,
    );
    const { url } = host.app(PRODUCER);
    const answer = await fetch(`${url}/api/hello/a%20b?q=1`, { method: "PUT", body: "!" });
    expect([answer.status, answer.headers.get("x-own"), await answer.text()]).toEqual([201, "1", "a b-1!"]);
    expect((await fetch(`${url}/api/failing`)).status).toBe(500);
    expect((await fetch(`${url}/api/keyed`)).status).toBe(401);
  });

  test("reaches what the design lets it reach, and nothing else", async () => {
    const { host } = await startOnly(PRODUCER, REACH);
    const { url } = host.app(PRODUCER);
    const reach = async (name: string, port: number) => (await fetch(`${url}/api/reach/${name}/${port}`)).text();
    expect(await reach("lockdown-pc-eastus2.servicebus.windows.net", 5671)).toBe("reached");
    expect(await reach("lockdown-pc-eastus2.servicebus.windows.net", 22)).toBe("ETIMEDOUT");
    expect(await reach("10.1.2.240", 5672)).toBe("ETIMEDOUT");
    expect(await reach("example.com", 443)).toBe("ENOTFOUND");
  });

  test.each([
    ["a zone that is linked to the spoke", zoneLinkedToTheSpoke, "ENOTFOUND"],
    [
      "an endpoint's port that is closed",
      (stacks: readonly SynthesizedStack[]) =>
        edited(stacks, ["network-eastus2", "azurerm_network_security_group", "workload-subnet-nsg"], (group) => {
          group.set(`${group.named("security_rule", "integration-subnet-to-service-bus-amqps")}.access`, "Deny");
        }),
      "ETIMEDOUT",
    ],
  ])("fails by %s as it would in Azure", async (_, mistake, code) => {
    const { host } = await start({
      stacks: mistake(oneRegion),
      prepare: (azure) => {
        only(azure, PRODUCER);
        deploy(azure, PRODUCER, REACH);
      },
    });
    const { url } = host.app(PRODUCER);
    const answer = await fetch(`${url}/api/reach/lockdown-pc-eastus2.servicebus.windows.net/5671`);
    expect(await answer.text()).toBe(code);
  });

  test("that throws when it is loaded is named with its reason", async () => {
    const starting = start({
      prepare: (azure) => {
        deploy(azure, PRODUCER, 'throw new Error("no setting");');
      },
    });
    await expect(starting).rejects.toThrow(`The package of ${PRODUCER} does not start: no setting`);
    await expect(starting).rejects.toBeInstanceOf(Failure);
  });

  test.each([
    [
      "app.timer('t', { schedule: '* * * * *', handler() {} })",
      "the function t has a binding of type timerTrigger, which is not served locally",
    ],
    [
      "app.serviceBusQueue('q', { connection: 'ServiceBus', queueName: 'queue1', cardinality: 'many', handler() {} })",
      "the function q has a trigger that takes many messages at once, which is not served locally",
    ],
    [
      "app.http('h', { authLevel: 'anonymous', extraOutputs: [output.storageQueue({ queueName: 'q', connection: 'c' })], handler() {} })",
      "the function h has an output binding of type queue, which is not served locally",
    ],
  ])("with %s is refused, and not run without it", async (source, reason) => {
    const starting = start({
      prepare: (azure) => {
        only(azure, PRODUCER);
        deploy(azure, PRODUCER, `const { app, output } = require("@azure/functions"); ${source};`);
      },
    });
    await expect(starting).rejects.toThrow(reason);
  });

  test("that is another than its stack names is refused", async () => {
    const starting = start({
      prepare: (azure) => {
        const [first] = azure.packages.all();
        if (first) azure.packages.put({ ...first, hash: "0".repeat(64) });
      },
    });
    await expect(starting).rejects.toThrow(/is not the one its stack names \(got [0-9a-f]{64}, expected 0{64}\)/);
  });
});

test("a taken port is named", async () => {
  const other = createServer();
  const port = await new Promise<number>((done) => {
    other.listen(0, "127.0.0.1", () => {
      done((other.address() as { port: number }).port);
    });
  });
  try {
    await expect(start({ ports: { [PRODUCER]: port } })).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use`);
    await expect(start({ ports: { "lockdown-pc-eastus2": port } })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use`,
    );
  } finally {
    await new Promise((done) => other.close(done));
  }
});
