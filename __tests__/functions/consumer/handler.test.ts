import { consumerHandler } from "../../../functions/consumer/handler";
import type { process as businessLogic } from "../../../functions/consumer/process";
import type { ConsumerSource } from "../../../functions/consumer/sources";
import { Later, Never } from "../../../functions/consumer/verdicts";
import { ownerOf, ownId } from "../../../functions/shared/broker-id";
import { idsIn, writtenIds } from "../../../functions/shared/message-properties";
import { fakeBus, type FakeBus, invocation, recordedTelemetry } from "../../support/functions";

const QUEUE: ConsumerSource = { queue: "queue1", requiresSession: false, lockSeconds: 3 };

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const METADATA = {
  messageId: "m-1",
  deliveryCount: 2,
  correlationId: "order-9",
  enqueuedTimeUtc: new Date(Date.now() - 1_500).toISOString(),
  applicationProperties: { "Diagnostic-Id": TRACE },
};

const done = () => Promise.resolve();

async function consume(
  body: unknown,
  process: typeof businessLogic = done,
  metadata: Record<string, unknown> = METADATA,
  {
    source = QUEUE,
    bus = fakeBus(),
    refusedQueue,
  }: { source?: ConsumerSource; bus?: FakeBus; refusedQueue?: string } = {},
) {
  const telemetry = recordedTelemetry();
  const { context, lines } = invocation({ triggerMetadata: metadata });
  const input =
    typeof body === "string" || body instanceof Uint8Array
      ? body
      : Buffer.from(body === undefined ? "" : JSON.stringify(body));
  const handler = consumerHandler({ process, telemetry, source, sending: { bus, refusedQueue } });
  const outcome = await handler(input, context).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  return { outcome, lines, telemetry };
}

test("a message is processed, and the line that says so names it", async () => {
  const { outcome, lines, telemetry } = await consume({ order: 7 });
  expect(outcome).toBeUndefined();
  expect(lines).toEqual([
    {
      event: "processed",
      messageId: "m-1",
      correlationId: "order-9",
      entity: "queue1",
      deliveryCount: 2,
      enqueuedToProcessedMs: expect.any(Number) as number,
    },
  ]);
  expect(telemetry.dependencies).toEqual([
    expect.objectContaining({ name: "Process queue1", success: true, traceParent: TRACE }),
  ]);
  expect(telemetry.metrics).toEqual([expect.objectContaining({ name: "EnqueuedToProcessedMs" })]);
  expect(telemetry.metrics[0]?.value).toBeGreaterThanOrEqual(1_500);
});

test("the business logic gets the message and what is known of its delivery", async () => {
  const seen: unknown[] = [];
  await consume({ order: 7 }, (message, delivery) => {
    seen.push(message, delivery);
    return Promise.resolve();
  });
  expect(seen).toEqual([
    { value: { order: 7 }, text: '{"order":7}' },
    expect.objectContaining({
      messageId: "m-1",
      entity: "queue1",
      deliveryCount: 2,
      traceParent: TRACE,
      enqueuedAt: expect.any(Date) as Date,
    }),
  ]);
});

test.each([
  ["no bytes, which a trigger hands over that did not ask for them"],
  [7],
  [null],
  [["a list"]],
  [undefined],
  [Buffer.from("text")],
  [Buffer.from('{"name":"José"}', "latin1")],
  [Buffer.from("[".repeat(10_000))],
  [Buffer.from(`{"a":${"[".repeat(100)}${"]".repeat(100)}}`)],
])("a body that is no object (%j) is not processed and goes back", async (body) => {
  let called = false;
  const { outcome, lines, telemetry } = await consume(body, () => {
    called = true;
    return Promise.resolve();
  });
  expect(called).toBe(false);
  expect(outcome?.name).toBe("MalformedMessage");
  expect(lines).toEqual([
    expect.objectContaining({
      event: "failed",
      messageId: "m-1",
      reason: expect.stringContaining("MalformedMessage") as string,
    }),
  ]);
  expect(telemetry.exceptions).toEqual([
    expect.objectContaining({
      traceParent: TRACE,
      properties: expect.objectContaining({ messageId: "m-1" }) as object,
    }),
  ]);
});

test("what the business logic throws goes back to Service Bus, its reason under the message id", async () => {
  const { outcome, lines, telemetry } = await consume({ secret: "swordfish" }, () =>
    Promise.reject(new TypeError("no such order")),
  );
  expect(outcome?.message).toBe("no such order");
  expect(lines).toEqual([
    {
      event: "failed",
      messageId: "m-1",
      correlationId: "order-9",
      entity: "queue1",
      deliveryCount: 2,
      reason: "TypeError: no such order",
    },
  ]);
  expect(JSON.stringify(lines)).not.toContain("swordfish");
  expect(telemetry.dependencies).toEqual([expect.objectContaining({ success: false, resultCode: "TypeError" })]);
  expect(telemetry.metrics).toEqual([]);
});

test.each(["Diagnostic-Id", "diagnostic-Id", "traceparent", "Traceparent"])(
  "the sender's trace context is found under %s",
  async (key) => {
    const { telemetry } = await consume({}, done, { ...METADATA, applicationProperties: { [key]: TRACE } });
    expect(telemetry.dependencies).toEqual([expect.objectContaining({ traceParent: TRACE })]);
  },
);

test("a delivery without metadata still has an id, and says that no sender is known", async () => {
  const { lines } = await consume({}, done, {});
  expect(lines).toEqual([
    expect.objectContaining({ event: "inexact", reason: expect.stringContaining("messageId") as string }),
    expect.objectContaining({ messageId: "invocation-1", correlationId: "invocation-1", deliveryCount: 1 }),
  ]);
});

describe("ids", () => {
  const seen = async (metadata: Record<string, unknown>) => {
    const deliveries: { messageId: string; sessionId?: string; correlationId: string }[] = [];
    const { lines } = await consume(
      {},
      (_message, delivery) => {
        deliveries.push(delivery);
        return Promise.resolve();
      },
      metadata,
    );
    return { ...deliveries[0], lines: lines.filter(({ event }) => event !== "processed") };
  };

  test.each(["42", "1e5", "true", "null", "1".repeat(30), '{"a":1}'])(
    "%s is exactly what the producer sent",
    async (id) => {
      // What the library makes of the trigger's texts.
      const parsed: unknown = JSON.parse(id);
      const { messageId, sessionId, correlationId, lines } = await seen({
        messageId: parsed,
        sessionId: parsed,
        correlationId: parsed,
        applicationProperties: { producerIds: JSON.stringify({ messageId: id, sessionId: id, correlationId: id }) },
      });
      expect({ messageId, sessionId, correlationId }).toEqual({ messageId: id, sessionId: id, correlationId: id });
      expect(lines).toEqual([]);
    },
  );

  test.each(["42", "abc def", '{"a":1}'])(
    "another sender's %j in quotes does not become the same without",
    async (id) => {
      // Sent as a JSON text, which the library reads.
      const { messageId, lines } = await seen({ messageId: id });
      const couldStay = id === "abc def";
      expect(messageId).toBe(couldStay ? id : JSON.stringify(id));
      expect(lines).toHaveLength(couldStay ? 0 : 1);
    },
  );

  test("another sender's are the best that can be had, the same at every delivery, and the log says so", async () => {
    const { messageId, sessionId, lines } = await seen({ messageId: 42, sessionId: "s-1", correlationId: true });
    expect({ messageId, sessionId }).toEqual({ messageId: "42", sessionId: "s-1" });
    expect(lines).toEqual([
      expect.objectContaining({
        event: "inexact",
        reason: expect.stringContaining("messageId, correlationId") as string,
      }),
    ]);
  });
});

test("the copies of two callers' messages with one id are two messages, each its owner's", async () => {
  const copies: string[] = [];
  for (const caller of ["one", "other"]) {
    const bus = fakeBus();
    const owner = ownerOf(caller);
    const ids = writtenIds({ messageId: "order-7", owner });
    const metadata = { ...METADATA, messageId: ownId("order-7", owner), applicationProperties: { producerIds: ids } };
    await consume({}, () => Promise.reject(new Later("payments is down")), metadata, { bus });
    const [copy] = bus.messages();
    copies.push(String(copy?.messageId));
    expect(idsIn(copy?.applicationProperties?.producerIds)).toMatchObject({ messageId: "order-7", owner });
  }
  expect(new Set(copies).size).toBe(2);
});

describe("later", () => {
  const later = (delayMs?: number) => () => Promise.reject(new Later("payments is down", delayMs));

  test("on a queue a scheduled copy takes the message's place, under an id of its own, and this one is completed", async () => {
    const bus = fakeBus();
    const before = Date.now();
    const { outcome, lines } = await consume(
      Buffer.from('{"big":4603086877212508601}'),
      later(),
      {
        ...METADATA,
        messageId: 42,
        contentType: "application/json",
        expiresAtUtc: new Date(before + 3_600_000).toISOString(),
        applicationProperties: {
          producerIds: '{"messageId":"42","sessionId":"5","subject":"7"}',
          color: "red",
          "Diagnostic-Id": TRACE,
        },
      },
      { bus },
    );
    expect(outcome).toBeUndefined();
    const [copy] = bus.messages();
    expect(copy).toMatchObject({
      messageId: "42~1",
      body: Buffer.from('{"big":4603086877212508601}'),
      contentType: "application/json",
      correlationId: "order-9",
      subject: "7",
      // Where its dead letters go may ask for a session.
      sessionId: "5",
      applicationProperties: {
        producerIds: '{"messageId":"42","sessionId":"5","correlationId":"order-9","subject":"7"}',
        consumerDeferrals: 1,
        color: "red",
        "Diagnostic-Id": TRACE,
      },
    });
    const due = copy?.scheduledEnqueueTimeUtc?.getTime() ?? 0;
    expect(due - before).toBeGreaterThanOrEqual(5_000);
    // Together they live no longer than the message would have.
    expect(due + (copy?.timeToLive ?? 0)).toBeLessThanOrEqual(before + 3_601_000);
    expect(lines).toEqual([
      expect.objectContaining({
        event: "deferred",
        messageId: "42",
        reason: expect.stringContaining("payments") as string,
      }),
    ]);
  });

  test("each time the delay doubles, and an id stays within 128 characters", async () => {
    const bus = fakeBus();
    const id = "x".repeat(128);
    for (const consumerDeferrals of [1, 2, 20]) {
      await consume(
        {},
        later(),
        { ...METADATA, applicationProperties: { producerIds: JSON.stringify({ messageId: id }), consumerDeferrals } },
        { bus },
      );
    }
    const delays = bus
      .messages()
      .map(({ scheduledEnqueueTimeUtc }) =>
        Math.round(((scheduledEnqueueTimeUtc?.getTime() ?? 0) - Date.now()) / 1_000),
      );
    expect(delays).toEqual([10, 20, 300]);
    const ids = bus.messages().map(({ messageId }) => String(messageId));
    expect(new Set(ids).size).toBe(3);
    for (const each of ids) expect(each.length).toBeLessThanOrEqual(128);
  });

  test("where Service Bus does not take the copy, the message comes back: it is never in neither place", async () => {
    const bus = fakeBus();
    bus.beforeSend = () => {
      throw new Error("no route");
    };
    const { outcome } = await consume({}, later(), METADATA, { bus });
    expect(outcome?.message).toBe("payments is down");
  });

  test.each<[string, ConsumerSource]>([
    ["a subscription", { topic: "t", subscription: "s", requiresSession: false, lockSeconds: 3 }],
    ["a session", { queue: "ordered", requiresSession: true, lockSeconds: 3 }],
  ])("of %s the message itself waits, no longer than its lock, and comes back", async (_, source) => {
    const bus = fakeBus();
    const before = Date.now();
    const metadata = { ...METADATA, deliveryCount: 9 };
    const { outcome } = await consume({}, later(), metadata, { bus, source });
    expect(outcome?.name).toBe("Later");
    expect(bus.messages()).toEqual([]);
    expect(Date.now() - before).toBeGreaterThanOrEqual(950);
    expect(Date.now() - before).toBeLessThan(3_000);
  });

  test("a delay of the business logic's own is kept", async () => {
    const bus = fakeBus();
    await consume({}, later(60_000), METADATA, { bus });
    const due = bus.messages()[0]?.scheduledEnqueueTimeUtc?.getTime() ?? 0;
    expect(Math.round((due - Date.now()) / 1_000)).toBe(60);
  });
});

describe("never", () => {
  const never = () => Promise.reject(new Never("no such customer"));

  test("the message goes with its reason to the queue of refused messages, and is completed", async () => {
    const bus = fakeBus();
    const { outcome, lines } = await consume({ a: 1 }, never, METADATA, { bus, refusedQueue: "refused" });
    expect(outcome).toBeUndefined();
    expect(bus.messages()).toEqual([
      expect.objectContaining({
        messageId: "m-1~queue1",
        body: Buffer.from('{"a":1}'),
        applicationProperties: expect.objectContaining({
          producerIds: '{"messageId":"m-1","correlationId":"order-9"}',
          consumerRefusalReason: "Never: no such customer",
          consumerRefusalSource: "queue1",
        }) as object,
      }),
    ]);
    expect(lines).toEqual([expect.objectContaining({ event: "refused", messageId: "m-1" })]);
  });

  test("what is no JSON object goes there too", async () => {
    const bus = fakeBus();
    const { outcome } = await consume(Buffer.from("no JSON"), done, METADATA, {
      bus,
      refusedQueue: "refused",
    });
    expect(outcome).toBeUndefined();
    expect(bus.messages()).toHaveLength(1);
  });

  test("without such a queue it throws, and the log says why", async () => {
    const { outcome, lines } = await consume({}, never);
    expect(outcome?.message).toBe("no such customer");
    expect(lines).toEqual([
      expect.objectContaining({
        event: "failed",
        reason: expect.stringContaining("no queue of refused messages") as string,
      }),
    ]);
  });

  test("where the queue does not take it, it comes back", async () => {
    const bus = fakeBus();
    bus.beforeSend = () => {
      throw new Error("no route");
    };
    expect((await consume({}, never, METADATA, { bus, refusedQueue: "refused" })).outcome?.name).toBe("Never");
  });
});

test("a reason however long leaves a line that Application Insights does not cut", async () => {
  const { lines } = await consume({}, () => Promise.reject(new Error("\u0001x".repeat(100_000))));
  expect(JSON.stringify(lines[0]).length).toBeLessThan(32_768);
});
