import type { HttpResponseInit } from "@azure/functions";
import { producerHandler } from "../../../functions/producer/handler";
import { deadlineFor, LARGEST_ITEM_BYTES } from "../../../functions/producer/deadline";
import type { RequestLimits } from "../../../functions/producer/limits";
import { idsIn, PROPERTY } from "../../../functions/shared/message-properties";
import { fakeBus, type FakeBus, invocation, post, recordedTelemetry } from "../../support/functions";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const ENTITIES = new Map(
  [
    { name: "queue1", maxMessageBytes: 1_048_576, requiresSession: false },
    { name: "ordered", maxMessageBytes: 1_048_576, requiresSession: true },
    { name: "large", maxMessageBytes: 104_857_600, requiresSession: false },
    { name: "parked", maxMessageBytes: 1_048_576, requiresSession: false, paused: true },
  ].map((entity) => [entity.name, entity]),
);

const LIMITS: RequestLimits = { items: 1_000, bytes: 104_857_600 };

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, string>;
  readonly body: {
    ids?: string[];
    sent?: string[];
    unconfirmed?: string[];
    correlationId?: string;
    error?: { code: string; message: string };
  };
}

async function send(
  bus: FakeBus,
  entity: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  traceParent?: string,
  limits = LIMITS,
) {
  const telemetry = recordedTelemetry();
  const { context, lines } = invocation({ traceParent });
  const handler = producerHandler({ entities: ENTITIES, limits, bus, telemetry });
  const response: HttpResponseInit = await handler(post(entity, body, headers), context);
  const answer: Answer = {
    status: response.status,
    headers: response.headers as Record<string, string>,
    body: response.jsonBody as Answer["body"],
  };
  return { answer, lines, telemetry };
}

const objects = <Extra extends object>(count: number, extra: (index: number) => Extra = () => ({}) as Extra) =>
  Array.from({ length: count }, (_, index) => ({ number: index, ...extra(index) }));

describe("what is accepted", () => {
  test("one JSON object is one message, its body the object", async () => {
    const bus = fakeBus();
    const { answer } = await send(bus, "queue1", '{"id":"m-1","order":7}');
    expect(answer).toMatchObject({ status: 202, body: { ids: ["m-1"] } });
    expect(bus.messages()).toEqual([
      expect.objectContaining({
        messageId: "m-1",
        body: Buffer.from('{"id":"m-1","order":7}'),
        contentType: "application/json",
      }),
    ]);
  });

  test("an array is a batch, sent in one operation", async () => {
    const bus = fakeBus();
    const { answer } = await send(bus, "queue1", JSON.stringify(objects(50)));
    expect(answer.status).toBe(202);
    expect(bus.operations).toHaveLength(1);
    expect(bus.messages().map(({ messageId }) => messageId)).toEqual(answer.body.ids);
  });

  test("NDJSON is a batch, blank lines left out", async () => {
    const bus = fakeBus();
    const { answer } = await send(bus, "queue1", '{"id":"a"}\n\n{"id":"b"}\r\n', {
      "content-type": "application/x-ndjson",
    });
    expect(answer.body.ids).toEqual(["a", "b"]);
  });

  test("a batch over the batch limit is sent in several operations, in order", async () => {
    const bus = fakeBus(3_000);
    const { answer } = await send(bus, "queue1", JSON.stringify(objects(20, () => ({ text: "x".repeat(500) }))));
    expect(answer.status).toBe(202);
    expect(bus.operations.length).toBeGreaterThan(1);
    expect(
      bus.messages().map(({ body }) => (JSON.parse((body as Buffer).toString()) as { number: number }).number),
    ).toEqual(objects(20).map(({ number }) => number));
  });

  test("a message too large for a batch goes alone where the entity takes large ones", async () => {
    const bus = fakeBus(104_857_600);
    const items = [{ id: "small" }, { id: "huge", text: "x".repeat(2_000_000) }, { id: "last" }];
    const { answer } = await send(bus, "large", JSON.stringify(items));
    expect(answer.body.ids).toEqual(["small", "huge", "last"]);
    expect(bus.operations.map((operation) => operation.map(({ messageId }) => messageId))).toEqual([
      ["small"],
      ["huge"],
      ["last"],
    ]);
  });
});

describe("message ids", () => {
  test("the item's own id wins over the Idempotency-Key", async () => {
    const { answer } = await send(fakeBus(), "queue1", '{"id":"own"}', { "idempotency-key": "key" });
    expect(answer.body.ids).toEqual(["own"]);
  });

  test("the Idempotency-Key is the id of one message, and with the index of each in a batch", async () => {
    const headers = { "idempotency-key": "key" };
    expect((await send(fakeBus(), "queue1", "{}", headers)).answer.body.ids).toEqual(["key"]);
    expect((await send(fakeBus(), "queue1", '[{},{"id":"own"},{}]', headers)).answer.body.ids).toEqual([
      "key-0",
      "own",
      "key-2",
    ]);
    expect((await send(fakeBus(), "queue1", "[{}]", headers)).answer.body.ids).toEqual(["key-0"]);
  });

  test("without either each message gets a new one", async () => {
    const { answer } = await send(fakeBus(), "queue1", "[{},{}]");
    expect(new Set(answer.body.ids).size).toBe(2);
  });
});

describe("what is refused, before anything is sent", () => {
  const CASES: [string, string, string, Record<string, string>, number, string, RegExp][] = [
    ["an entity that is not allow-listed", "secrets", "{}", {}, 404, "UnknownEntity", /"secrets"/],
    ["no JSON", "queue1", "hello", {}, 400, "NotJson", /the body/],
    ["an empty body", "queue1", "", {}, 400, "NotJson", /the body/],
    [
      "a broken line of NDJSON",
      "queue1",
      '{}\n{"a":',
      { "content-type": "application/x-ndjson" },
      400,
      "NotJson",
      /line 2/,
    ],
    ["an empty batch", "queue1", "[]", {}, 400, "EmptyBatch", /no message/],
    ["a number", "queue1", "7", {}, 400, "NotAnObject", /not a JSON object/],
    ["a batch with a string in it", "queue1", '[{},"x"]', {}, 400, "NotAnObject", /Item 1/],
    ["a nested array", "queue1", "[[{}]]", {}, 400, "NotAnObject", /Item 0/],
    ["an empty id", "queue1", '{"id":""}', {}, 400, "BadId", /id/],
    ["an id that is a number", "queue1", '{"id":7}', {}, 400, "BadId", /id/],
    ["an id of 129 characters", "queue1", `{"id":"${"x".repeat(129)}"}`, {}, 400, "BadId", /128/],
    [
      "a key that the index makes too long",
      "queue1",
      "[{}]",
      { "idempotency-key": "k".repeat(128) },
      400,
      "BadId",
      /Idempotency-Key/,
    ],
    ["an id that is a lone surrogate", "queue1", '{"id":"\\ud800"}', {}, 400, "BadId", /well-formed/],
    ["a session id that is a lone surrogate", "ordered", '{"sessionId":"\\udc00x"}', {}, 400, "BadId", /well-formed/],
    ["two keys id", "queue1", '{"id":"a","b":1,"id":"c"}', {}, 400, "DuplicateKey", /"id" twice/],
    ["two keys id, one of them escaped", "queue1", '{"id":"a","\\u0069d":"c"}', {}, 400, "DuplicateKey", /"id" twice/],
    [
      "two keys sessionId in an item",
      "queue1",
      '[{},{"sessionId":"a","sessionId":"c"}]',
      {},
      400,
      "DuplicateKey",
      /Item 1/,
    ],
    ["too deep an object", "queue1", `${'{"a":'.repeat(65)}1${"}".repeat(65)}`, {}, 400, "TooDeep", /64 levels/],
    ["5000 levels", "queue1", `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`, {}, 400, "TooDeep", /64 levels/],
    ["200000 levels", "queue1", `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`, {}, 400, "TooDeep", /64 levels/],
    ["too deep an item", "queue1", `[{},{"a":${"[".repeat(64)}${"]".repeat(64)}}]`, {}, 400, "TooDeep", /64 levels/],
    [
      "too deep a line",
      "queue1",
      `{}\n{"a":${"[".repeat(64)}${"]".repeat(64)}}`,
      { "content-type": "application/x-ndjson" },
      400,
      "TooDeep",
      /Line 2/,
    ],
    [
      "an unknown charset",
      "queue1",
      "{}",
      { "content-type": "application/json; charset=klingon" },
      415,
      "UnknownCharset",
      /klingon/,
    ],
    ["a broken Content-Type", "queue1", "{}", { "content-type": "json" }, 415, "BadContentType", /json/],
    [
      "a property of the producer's own",
      "queue1",
      '{"$serviceBus":{"applicationProperties":{"TraceParent":"x"}}}',
      {},
      400,
      "BadProperties",
      /producer itself/,
    ],
    [
      "a property that is a list",
      "queue1",
      '{"$serviceBus":{"applicationProperties":{"a":[1]}}}',
      {},
      400,
      "BadProperties",
      /"a"/,
    ],
    [
      "a property that is null",
      "queue1",
      '{"$serviceBus":{"applicationProperties":{"a":null}}}',
      {},
      400,
      "BadProperties",
      /"a"/,
    ],
    [
      "a number no double holds exactly",
      "queue1",
      '{"$serviceBus":{"applicationProperties":{"a":9007199254740993}}}',
      {},
      400,
      "BadProperties",
      /2\^53/,
    ],
    [
      "two properties that differ in case",
      "queue1",
      '{"$serviceBus":{"applicationProperties":{"a":1,"A":2}}}',
      {},
      400,
      "BadProperties",
      /twice/,
    ],
    [
      "a property over 32 KB",
      "queue1",
      `{"$serviceBus":{"applicationProperties":{"a":"${"x".repeat(32_768)}"}}}`,
      {},
      400,
      "BadProperties",
      /32768/,
    ],
    [
      "properties over 64 KB",
      "queue1",
      `{"$serviceBus":{"applicationProperties":{"a":"${"x".repeat(30_000)}","b":"${"x".repeat(30_001)}"}}}`,
      {},
      400,
      "BadProperties",
      /together/,
    ],
    [
      "a subject of 129 characters",
      "queue1",
      `{"$serviceBus":{"subject":"${"x".repeat(129)}"}}`,
      {},
      400,
      "BadProperties",
      /subject/,
    ],
    ["another member of $serviceBus", "queue1", '{"$serviceBus":{"to":"x"}}', {}, 400, "BadProperties", /no "to"/],
    [
      "a header that is no JSON",
      "queue1",
      "{}",
      { "x-servicebus-properties": "color=red" },
      400,
      "BadProperties",
      /not JSON/,
    ],
    [
      "a header that is a list",
      "queue1",
      "{}",
      { "x-servicebus-properties": "[1]" },
      400,
      "BadProperties",
      /not a JSON object/,
    ],
    ["a header beyond ASCII", "queue1", "{}", { "x-servicebus-subject": "Jos\u00e9" }, 400, "BadProperties", /ASCII/],
    ["headers for a batch", "queue1", "[{}]", { "x-servicebus-subject": "x" }, 400, "BadProperties", /batch/],
    ["equal ids", "queue1", '[{"id":"a"},{"id":"b"},{"id":"a"}]', {}, 400, "EqualIds", /Items 0 and 2/],
    [
      "an id equal to a derived one",
      "queue1",
      '[{"id":"k-1"},{}]',
      { "idempotency-key": "k" },
      400,
      "EqualIds",
      /Items 0 and 1/,
    ],
    ["no session id where one is needed", "ordered", "{}", {}, 400, "SessionIdMissing", /requires sessions/],
    [
      "a message over the limit",
      "queue1",
      `{"text":"${"x".repeat(1_048_576)}"}`,
      {},
      413,
      "MessageTooLarge",
      /1048576/,
    ],
    [
      "one message of a batch over the limit",
      "queue1",
      `[{},{"text":"${"x".repeat(1_048_576)}"}]`,
      {},
      413,
      "MessageTooLarge",
      /Item 1/,
    ],
    [
      "a message over the limit with its headers",
      "queue1",
      `{"id":"m","text":"${"x".repeat(1_048_500)}"}`,
      {},
      413,
      "MessageTooLarge",
      /headers/,
    ],
    [
      "one of a batch over the limit with its headers",
      "queue1",
      `[{},{"id":"m","text":"${"x".repeat(1_048_500)}"}]`,
      {},
      413,
      "MessageTooLarge",
      /headers/,
    ],
  ];

  test.each(CASES)("%s", async (_, entity, body, headers, status, code, message) => {
    const bus = fakeBus();
    const { answer, lines } = await send(bus, entity, body, headers);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(answer.body.error?.message).toMatch(message);
    expect(answer.body.ids).toBeUndefined();
    expect(bus.messages()).toEqual([]);
    expect(lines).toEqual([expect.objectContaining({ event: "refused" })]);
  });

  test.each<[string, string]>([
    ["a JSON list", `[${"{},".repeat(1_000)}{}]`],
    ["a JSON list that is never parsed", `[${"{},".repeat(4_000_000)}`],
    ["one of strings with brackets and commas", `[${'{"a":"],[,\\\\\\"{"},'.repeat(1_000)}{}]`],
    ["NDJSON", '{"a":[1,2]}\n'.repeat(1_001)],
    ["NDJSON of lines that begin with many blanks", `${" ".repeat(200)}{}\n`.repeat(1_001)],
    ["NDJSON of blank lines", "\n".repeat(4_000_000)],
  ])("more messages than a request may bring: %s", async (what, body) => {
    const bus = fakeBus();
    const type = what.startsWith("NDJSON") ? "application/x-ndjson" : "application/json";
    const { answer } = await send(bus, "queue1", body, { "content-type": type });
    expect(answer).toMatchObject({ status: 413, body: { error: { code: "TooManyItems" } } });
    expect(answer.body.error?.message).toContain("1000 messages");
    expect(bus.messages()).toEqual([]);
  });

  test.each([
    ["a list", `[${'{"a":"],[,\\\\\\"{","b":[1,2,{"c":[3,4]}]},'.repeat(999)}{}]`, "application/json"],
    ["lines", '{"a":1}\n\n'.repeat(1_000), "application/x-ndjson"],
  ])("as many as it may bring, in %s, are taken", async (_, body, type) => {
    const { answer } = await send(fakeBus(), "queue1", body, { "content-type": type });
    expect([answer.status, answer.body.ids?.length]).toEqual([202, 1_000]);
  });

  test("a body over what a request may have, before it is read as text", async () => {
    const { answer } = await send(fakeBus(), "queue1", new Uint8Array(2_001), {}, undefined, {
      items: 10,
      bytes: 2_000,
    });
    expect(answer).toMatchObject({ status: 413, body: { error: { code: "RequestTooLarge" } } });
    expect(answer.body.error?.message).toContain("one request may have 2000");
  });

  test("millions of brackets, before they are parsed", async () => {
    const body = `{"id":"a","x":${"[".repeat(40_000_000)}`;
    const { answer } = await send(fakeBus(), "queue1", body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "TooDeep" } } });
  });

  test.each([
    "text/plain",
    "text/plain;charset=UTF-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=application/json",
    "text/json",
    "",
  ])("what a page may post unasked: a Content-Type of %j", async (type) => {
    const { answer } = await send(fakeBus(), "queue1", '{"id":"a"}', { "content-type": type });
    expect(answer).toMatchObject({ status: 415, body: { error: { code: "BadContentType" } } });
  });

  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "application/cloudevents+json",
    "APPLICATION/JSON",
  ])("while %s is JSON", async (type) => {
    const { answer } = await send(fakeBus(), "queue1", '{"id":"a"}', { "content-type": type });
    expect(answer.status).toBe(202);
  });

  test("a message over its limit is not seen by the bus at all, at any place and beside any others", async () => {
    for (const items of [
      [{ id: "huge", text: "x".repeat(1_048_500) }],
      [{ id: "small" }, { id: "huge", text: "x".repeat(1_048_500) }],
      [{ id: "huge", text: "x".repeat(1_048_500) }, { id: "small" }],
    ]) {
      const bus = fakeBus();
      bus.beforeBatch = bus.beforeSend = () => {
        throw new Error("the bus was asked");
      };
      const { answer } = await send(bus, "queue1", JSON.stringify(items));
      expect(answer).toMatchObject({ status: 413, body: { error: { code: "MessageTooLarge" } } });
      expect(answer.body.error?.message).toMatch(/"huge" is over the 1048576 bytes .* Nothing was sent/);
    }
  });

  test("many small properties count as they are encoded", async () => {
    const of = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, 0.5]));
    const body = (count: number, text: number) =>
      JSON.stringify({ id: "m", $serviceBus: { applicationProperties: of(count) }, text: "x".repeat(text) });
    expect((await send(fakeBus(), "queue1", body(9_000, 0))).answer.status).toBe(400);
    const bus = fakeBus();
    bus.beforeSend = () => {
      throw new Error("the bus was asked");
    };
    expect((await send(bus, "queue1", body(2_500, 985_000))).answer.status).toBe(413);
    expect((await send(fakeBus(), "queue1", body(2_500, 900_000))).answer.status).toBe(202);
  });

  test("an error of the link about a size is no verdict on this request", async () => {
    const bus = fakeBus();
    bus.beforeSend = () => {
      throw Object.assign(new Error("somebody's message is too large"), { code: "MessageSizeExceeded" });
    };
    const { answer } = await send(bus, "queue1", '{"id":"mine"}');
    expect(answer).toMatchObject({ status: 503, body: { sent: [], unconfirmed: ["mine"] } });
  });

  test.each<[string, string, Record<string, string>]>([
    ["a subject", '{"$serviceBus":{"subject":"a","\\u0073ubject":"b"}}', {}],
    ["a property", '{"$serviceBus":{"applicationProperties":{"a":1,"a":2}}}', {}],
    ["a property of one of a batch", '[{},{"$serviceBus":{"applicationProperties":{"a":1,"a":2}}}]', {}],
    ["a property in the header", "{}", { "x-servicebus-properties": '{"a":1,"a":2}' }],
  ])("%s twice, of which only one could be sent", async (_, body, headers) => {
    const bus = fakeBus();
    const { answer } = await send(bus, "queue1", body, headers);
    expect([answer.status, answer.body.error?.message]).toEqual([400, expect.stringContaining("twice")]);
    expect(bus.messages()).toEqual([]);
  });

  test("while the same name may be in different places", async () => {
    const body =
      '{"a":{"subject":1},"$serviceBus":{"subject":"s","applicationProperties":{"subject":"t"}},"b":{"subject":2}}';
    expect((await send(fakeBus(), "queue1", body)).answer.status).toBe(202);
  });

  test("text that is none of its encoding", async () => {
    const latin1 = Buffer.from('{"id":"lat1","name":"José"}', "latin1");
    expect((await send(fakeBus(), "queue1", latin1)).answer).toMatchObject({
      status: 400,
      body: { error: { code: "NotText" } },
    });
  });

  test("an item that the deadline does not let through, however much the entity takes", async () => {
    const bus = fakeBus(104_857_600);
    const { answer } = await send(bus, "large", `{"text":"${"x".repeat(LARGEST_ITEM_BYTES)}"}`);
    expect(answer).toMatchObject({ status: 413, body: { error: { code: "MessageTooLarge" } } });
    expect(answer.body.error?.message).toContain(String(LARGEST_ITEM_BYTES));
    expect(bus.messages()).toEqual([]);
  });

  test("a paused entity: 503, so that the caller tries again later", async () => {
    const { answer } = await send(fakeBus(), "parked", "{}");
    expect(answer).toMatchObject({ status: 503, body: { error: { code: "EntityPaused" } } });
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  });

  test("what a session entity gets with a session id goes through", async () => {
    const bus = fakeBus();
    expect((await send(bus, "ordered", '{"sessionId":"s"}')).answer.status).toBe(202);
    expect(bus.messages()).toEqual([expect.objectContaining({ sessionId: "s" })]);
  });
});

describe("whose an id is", () => {
  const limits = { ...LIMITS, idsByCaller: true };
  const as = (caller: string) => ({ "x-ms-client-principal-id": caller });
  const brokerId = async (id: string, headers: Record<string, string>) => {
    const bus = fakeBus();
    const { answer } = await send(bus, "queue1", JSON.stringify({ id }), headers, undefined, limits);
    expect(answer).toMatchObject({ status: 202, body: { ids: [id] } });
    const [message] = bus.messages();
    return { id: String(message?.messageId), sent: idsIn(message?.applicationProperties?.[PROPERTY.ids]) };
  };

  test.each(["order-7", "x".repeat(128), "a@b", "a~1"])(
    "where callers are authenticated, no caller takes the place of another's %s",
    async (id) => {
      const [one, again, other] = [
        await brokerId(id, as("one")),
        await brokerId(id, as("one")),
        await brokerId(id, as("other")),
      ];
      expect(one).toEqual(again);
      expect(one.id).not.toBe(other.id);
      expect(one.id.length).toBeLessThanOrEqual(128);
      // What process() sees is the sender's.
      expect([one.sent.messageId, other.sent.messageId]).toEqual([id, id]);
      expect(one.sent.owner).not.toBe(other.sent.owner);
      expect(one.sent.owner).not.toContain("one");
    },
  );

  test("an unnamed caller is not served: the id would have no owner", async () => {
    const bus = fakeBus();
    const { answer } = await send(bus, "queue1", '{"id":"a"}', {}, undefined, limits);
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "NoCaller" } } });
    expect(bus.messages()).toEqual([]);
  });

  test("without authentication any caller may write that header, and it is ignored", async () => {
    const bus = fakeBus();
    await send(bus, "queue1", '{"id":"a"}', as("one"));
    expect(bus.messages()).toEqual([expect.objectContaining({ messageId: "a" })]);
  });
});

describe("when Service Bus is not there", () => {
  test("503 with Retry-After and every id unconfirmed; the connection is dropped", async () => {
    const bus = fakeBus();
    bus.beforeSend = () => {
      throw Object.assign(new Error("no route"), { code: "ServiceCommunicationProblem" });
    };
    const { answer, lines, telemetry } = await send(bus, "queue1", '{"id":"a"}');
    expect(answer).toMatchObject({
      status: 503,
      body: { sent: [], unconfirmed: ["a"], error: { code: "BusUnavailable" } },
    });
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    expect(bus.resets).toBe(1);
    expect(lines[0]).toMatchObject({
      event: "unavailable",
      reason: expect.stringContaining("ServiceCommunicationProblem") as string,
    });
    expect(telemetry.dependencies).toEqual([
      expect.objectContaining({ success: false, resultCode: "ServiceCommunicationProblem" }),
    ]);
  });

  test("a partial send says which were sent and which are not confirmed", async () => {
    const bus = fakeBus(3_000);
    bus.beforeSend = (operation) => {
      if (operation === 1) throw new Error("gone");
    };
    const items = objects(12, (index) => ({ id: `m-${index}`, text: "x".repeat(500) }));
    const { answer } = await send(bus, "queue1", JSON.stringify(items));
    expect(answer.status).toBe(503);
    expect(answer.body.sent).toEqual(bus.messages().map(({ messageId }) => messageId));
    expect([...(answer.body.sent ?? []), ...(answer.body.unconfirmed ?? [])]).toEqual(items.map(({ id }) => id));
    expect(answer.body.sent).not.toHaveLength(0);
    expect(answer.body.unconfirmed).not.toHaveLength(0);
  });

  test("the same when not even a batch can be made", async () => {
    const bus = fakeBus();
    bus.beforeBatch = () => {
      throw new Error("unreachable");
    };
    const { answer } = await send(bus, "queue1", '[{"id":"a"},{"id":"b"}]');
    expect(answer).toMatchObject({ status: 503, body: { sent: [], unconfirmed: ["a", "b"] } });
  });
});

describe("correlation", () => {
  test("a message carries the caller's correlation id and the trace context of its request", async () => {
    const bus = fakeBus();
    const { answer, telemetry } = await send(bus, "queue1", "{}", { "x-correlation-id": "order-9" }, TRACE);
    expect(bus.messages()).toEqual([
      expect.objectContaining({
        correlationId: "order-9",
        applicationProperties: expect.objectContaining({ "Diagnostic-Id": TRACE }) as object,
      }),
    ]);
    expect(answer.headers["x-correlation-id"]).toBe("order-9");
    expect(telemetry.dependencies).toEqual([
      expect.objectContaining({
        name: "Send queue1",
        success: true,
        traceParent: TRACE,
        target: "alias.servicebus.windows.net/queue1",
      }),
    ]);
  });

  test("without one the trace id serves, and without that the invocation's", async () => {
    expect((await send(fakeBus(), "queue1", "{}", {}, TRACE)).answer.body.correlationId).toBe(
      "0af7651916cd43dd8448eb211c80319c",
    );
    expect((await send(fakeBus(), "queue1", "{}")).answer.body.correlationId).toBe("invocation-1");
    expect(
      (await send(fakeBus(), "queue1", "{}", { "x-correlation-id": "bad\u0001id".replace("\u0001", " ") })).answer.body
        .correlationId,
    ).toBe("invocation-1");
  });

  test("logs name ids and never a body", async () => {
    const { lines } = await send(fakeBus(), "queue1", '{"id":"a","secret":"swordfish"}');
    expect(JSON.stringify(lines)).toContain('"a"');
    expect(JSON.stringify(lines)).not.toContain("swordfish");
  });
});

describe("what is sent is what came in", () => {
  const bodies = (bus: FakeBus) => bus.messages().map(({ body }) => (body as Buffer).toString());

  test.each([
    [
      "64-bit integers, 1e400, key order and spaces",
      '{ "id": "big", "tenantId":4603086877212508601,\n"amount":1e400, "2":0, "1":0 }',
    ],
    ["escapes", '{"id":"a","text":"\\u00e9\\ud83d\\ude00 \\ud800"}'],
    ["a depth of 64", `{"a":${"[".repeat(63)}${"]".repeat(63)}}`],
  ])("%s, alone, as a line, as an item", async (_, text) => {
    const [alone, lines, items] = [fakeBus(), fakeBus(), fakeBus()];
    await send(alone, "queue1", text);
    expect(bodies(alone)).toEqual([text]);
    const line = text.replace("\n", " ");
    await send(lines, "queue1", `${line}\r\n{"n":1}\n`, { "content-type": "application/x-ndjson" });
    expect(bodies(lines)).toEqual([line, '{"n":1}']);
    await send(items, "queue1", `[ {"s":"]},{"} ,\t${text} , {"n":{"id":1}}]`);
    expect(bodies(items)).toEqual(['{"s":"]},{"}', text, '{"n":{"id":1}}']);
  });

  test("a sessionId that is null is none, as an id is", async () => {
    const bus = fakeBus();
    const { answer } = await send(bus, "queue1", '{"id":null,"sessionId":null}');
    expect(answer.status).toBe(202);
    expect(bus.messages()[0]?.sessionId).toBeUndefined();
  });

  test("an id that looks like a copy's is answered and logged as the sender wrote it", async () => {
    const bus = fakeBus();
    const { answer, lines } = await send(bus, "queue1", '{"id":"m-1~1"}');
    expect(answer.body).toMatchObject({ ids: ["m-1~1"] });
    expect(lines[0]).toMatchObject({ messageIds: ["m-1~1"] });
    expect(bus.messages()[0]?.messageId).not.toBe("m-1~1");
  });

  test("another charset is transcoded once", async () => {
    const bus = fakeBus();
    const headers = { "content-type": "application/json; charset=iso-8859-1" };
    const { answer } = await send(bus, "queue1", Buffer.from('{"id":"lat1","name":"José"}', "latin1"), headers);
    expect(answer.status).toBe(202);
    expect(bodies(bus)).toEqual(['{"id":"lat1","name":"José"}']);
  });

  test("ids that look like JSON travel as texts", async () => {
    const bus = fakeBus();
    const ids = ["42", "1e5", "true", "null", "123456789012345678901234567890", '{"a":1}'];
    await send(bus, "ordered", JSON.stringify(ids.map((id) => ({ id, sessionId: id }))), { "x-correlation-id": "7" });
    expect(bus.messages().map(({ messageId, applicationProperties }) => [messageId, applicationProperties])).toEqual(
      ids.map((id) => [id, { producerIds: JSON.stringify({ messageId: id, sessionId: id, correlationId: "7" }) }]),
    );
  });
});

describe("what filters see", () => {
  test("of a header's and an item's property of one name, in any case, the item's", async () => {
    const bus = fakeBus();
    const headers = { "x-servicebus-properties": '{"color":"blue","size":1}' };
    await send(bus, "queue1", '{"$serviceBus":{"applicationProperties":{"Color":"red"}}}', headers);
    expect(bus.messages()[0]?.applicationProperties).toMatchObject({ Color: "red", size: 1 });
    expect(bus.messages()[0]?.applicationProperties).not.toHaveProperty("color");
  });

  test("a header's and an item's properties have one limit together", async () => {
    const text = "x".repeat(31_000);
    const headers = { "x-servicebus-properties": JSON.stringify({ a: text }) };
    const body = JSON.stringify({ $serviceBus: { applicationProperties: { b: text } } });
    expect((await send(fakeBus(), "queue1", body, headers)).answer).toMatchObject({ status: 400 });
  });

  test("an item's own subject and properties", async () => {
    const bus = fakeBus();
    const own = { subject: "order", applicationProperties: { Color: "red", size: 3, half: 0.5, ready: true } };
    await send(bus, "queue1", JSON.stringify([{ id: "a", $serviceBus: own }, { id: "b" }]));
    expect(bus.messages()).toEqual([
      expect.objectContaining({
        subject: "order",
        applicationProperties: expect.objectContaining(own.applicationProperties) as object,
      }),
      expect.not.objectContaining({ subject: expect.anything() as string }),
    ]);
  });

  test("headers of a single message, where it does not say so itself", async () => {
    const bus = fakeBus();
    await send(bus, "queue1", '{"$serviceBus":{"applicationProperties":{"color":"blue"}}}', {
      "x-servicebus-subject": "order",
      "x-servicebus-properties": '{"color":"red","size":3,"who":"Jos\\u00e9"}',
    });
    expect(bus.messages()).toEqual([
      expect.objectContaining({
        subject: "order",
        applicationProperties: expect.objectContaining({ color: "blue", size: 3, who: "José" }) as object,
      }),
    ]);
  });
});

test("a deadline fits the bytes, and stays below App Service's", () => {
  expect(deadlineFor(100)).toBeLessThan(21_000);
  // 90 MB over 8 MB/s take 11 s, over a slow way more.
  expect(deadlineFor(90_000_000)).toBeGreaterThan(180_000);
  expect(deadlineFor(1e9)).toBeLessThan(230_000);
  expect(deadlineFor(LARGEST_ITEM_BYTES)).toBeLessThan(230_000);
});

test.each(["accepted", "unavailable"])(
  "the line that says %s stays under 32,768 characters, however many ids",
  async (event) => {
    const bus = fakeBus();
    if (event === "unavailable")
      bus.beforeBatch = () => {
        throw new Error("x".repeat(100_000));
      };
    const ids = Array.from({ length: 1_000 }, (_, index) => `${"\u0001".repeat(100)}${index}`);
    const { lines } = await send(bus, "queue1", JSON.stringify(ids.map((id) => ({ id }))));
    const said = lines.filter((line) => line.event === event);
    expect(said.length).toBeGreaterThan(1);
    for (const line of said) expect(JSON.stringify(line).length).toBeLessThan(32_768);
    expect(said.flatMap(({ messageIds }) => messageIds)).toEqual(ids);
    expect(said.map(({ part, parts }) => [part, parts])).toEqual(said.map((_, index) => [index + 1, said.length]));
  },
);
