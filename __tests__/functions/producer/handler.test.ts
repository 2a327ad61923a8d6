import type { HttpResponseInit } from "@azure/functions";
import { producerHandler } from "../../../functions/producer/handler";
import { fakeBus, type FakeBus, invocation, post, recordedTelemetry } from "../../support/functions";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const ENTITIES = new Map(
  [
    { name: "queue1", maxMessageBytes: 1_048_576, requiresSession: false },
    { name: "ordered", maxMessageBytes: 1_048_576, requiresSession: true },
    { name: "large", maxMessageBytes: 104_857_600, requiresSession: false },
  ].map((entity) => [entity.name, entity]),
);

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
  body: string,
  headers: Record<string, string> = {},
  traceParent?: string,
) {
  const telemetry = recordedTelemetry();
  const { context, lines } = invocation({ traceParent });
  const handler = producerHandler({ entities: ENTITIES, bus, telemetry });
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
      expect.objectContaining({ messageId: "m-1", body: { id: "m-1", order: 7 }, contentType: "application/json" }),
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
    expect(bus.messages().map(({ body }) => (body as { number: number }).number)).toEqual(
      objects(20).map(({ number }) => number),
    );
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

  test("what a session entity gets with a session id goes through", async () => {
    const bus = fakeBus();
    expect((await send(bus, "ordered", '{"sessionId":"s"}')).answer.status).toBe(202);
    expect(bus.messages()).toEqual([expect.objectContaining({ sessionId: "s" })]);
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
        applicationProperties: { "Diagnostic-Id": TRACE, traceparent: TRACE },
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
