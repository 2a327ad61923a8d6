import { consumerHandler } from "../../../functions/consumer/handler";
import { process as businessLogic } from "../../../functions/consumer/process";
import { invocation, recordedTelemetry } from "../../support/functions";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const METADATA = {
  messageId: "m-1",
  deliveryCount: 2,
  correlationId: "order-9",
  enqueuedTimeUtc: new Date(Date.now() - 1_500).toISOString(),
  applicationProperties: { "Diagnostic-Id": TRACE },
};

async function consume(
  body: unknown,
  process: typeof businessLogic = businessLogic,
  metadata: Record<string, unknown> = METADATA,
) {
  const telemetry = recordedTelemetry();
  const { context, lines } = invocation({ triggerMetadata: metadata });
  const outcome = await consumerHandler({ process, telemetry, entity: "queue1" })(body, context).then(
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
    { order: 7 },
    expect.objectContaining({
      messageId: "m-1",
      entity: "queue1",
      deliveryCount: 2,
      traceParent: TRACE,
      enqueuedAt: expect.any(Date) as Date,
    }),
  ]);
});

test.each([["text"], [7], [null], [["a list"]], [undefined]])(
  "a body that is no object (%j) is not processed and goes back",
  async (body) => {
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
  },
);

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
    const { telemetry } = await consume({}, businessLogic, { ...METADATA, applicationProperties: { [key]: TRACE } });
    expect(telemetry.dependencies).toEqual([expect.objectContaining({ traceParent: TRACE })]);
  },
);

test("a delivery without metadata still has an id", async () => {
  const { lines } = await consume({}, businessLogic, {});
  expect(lines).toEqual([
    expect.objectContaining({ messageId: "invocation-1", correlationId: "invocation-1", deliveryCount: 1 }),
  ]);
});
