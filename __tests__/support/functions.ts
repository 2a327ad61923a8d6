import { HttpRequest, InvocationContext } from "@azure/functions";
import type { ServiceBusMessage, ServiceBusMessageBatch, CreateMessageBatchOptions } from "@azure/service-bus";
import type { Bus, Sender } from "../../functions/shared/bus";
import type { Dependency, Telemetry } from "../../functions/shared/telemetry";

/** What Service Bus counts for a message beside its body, roughly. */
const OVERHEAD = 200;

export interface FakeBus extends Bus {
  /** Every send operation that succeeded, as the messages it held. */
  readonly operations: ServiceBusMessage[][];
  readonly messages: () => ServiceBusMessage[];
  resets: number;
  /** Called before each send operation; throws to make it fail. */
  beforeSend: (operation: number) => void;
  /** Called before each batch is made; throws to make that fail. */
  beforeBatch: () => void;
}

/** A namespace at the SDK's edge: senders that take batches up to a size. */
export function fakeBus(limit = 1_048_576): FakeBus {
  const operations: ServiceBusMessage[][] = [];
  let attempted = 0;
  const held = new WeakMap<object, ServiceBusMessage[]>();
  const sizeOf = (message: ServiceBusMessage) => (message.body as Buffer).length + OVERHEAD;
  const bus: FakeBus = {
    host: "alias.servicebus.windows.net",
    operations,
    messages: () => operations.flat(),
    resets: 0,
    beforeSend: () => undefined,
    beforeBatch: () => undefined,
    async through(_entity, work) {
      const outcome = await work(sender);
      if (outcome.error) bus.resets++;
      return outcome;
    },
  };
  const sender: Sender = {
    createMessageBatch(options?: CreateMessageBatchOptions) {
      bus.beforeBatch();
      const messages: ServiceBusMessage[] = [];
      const max = options?.maxSizeInBytes ?? limit;
      const batch = {
        maxSizeInBytes: max,
        tryAddMessage(message: ServiceBusMessage) {
          const size = [...messages, message].reduce((sum, each) => sum + sizeOf(each), 0);
          if (size > max) return false;
          messages.push(message);
          return true;
        },
      } as unknown as ServiceBusMessageBatch;
      held.set(batch, messages);
      return Promise.resolve(batch);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- as the SDK: it throws by rejecting
    async sendMessages(content: ServiceBusMessage | ServiceBusMessage[] | ServiceBusMessageBatch | object) {
      bus.beforeSend(attempted++);
      const messages = held.get(content) ?? [content as ServiceBusMessage];
      if (!held.has(content) && messages.some((message) => sizeOf(message) > limit)) {
        throw Object.assign(new Error("too large"), { code: "MessageSizeExceeded" });
      }
      operations.push(messages);
    },
  };
  return bus;
}

export interface Recorded extends Telemetry {
  readonly dependencies: Dependency[];
  readonly exceptions: {
    error: Error;
    traceParent: string | undefined;
    properties: Readonly<Record<string, string>>;
  }[];
  readonly metrics: { name: string; value: number; properties: Readonly<Record<string, string>> }[];
}

export function recordedTelemetry(): Recorded {
  const recorded: Recorded = {
    dependencies: [],
    exceptions: [],
    metrics: [],
    dependency: (dependency) => recorded.dependencies.push(dependency),
    exception: (error, traceParent, properties) => recorded.exceptions.push({ error, traceParent, properties }),
    metric: (name, value, properties) => recorded.metrics.push({ name, value, properties }),
  };
  return recorded;
}

export interface RecordedContext {
  readonly context: InvocationContext;
  /** Each structured line. */
  readonly lines: Record<string, unknown>[];
}

export function invocation(
  options: { triggerMetadata?: Record<string, unknown>; traceParent?: string } = {},
): RecordedContext {
  const lines: Record<string, unknown>[] = [];
  const context = new InvocationContext({
    functionName: "test",
    invocationId: "invocation-1",
    logHandler: (_level, ...args) => lines.push(JSON.parse(String(args[0])) as Record<string, unknown>),
    triggerMetadata: options.triggerMetadata ?? {},
    ...(options.traceParent === undefined ? {} : { traceContext: { traceParent: options.traceParent } }),
  });
  return { context, lines };
}

export function post(entity: string, body: string | Uint8Array, headers: Record<string, string> = {}): HttpRequest {
  return new HttpRequest({
    method: "POST",
    url: `https://producer.example/api/messages/${entity}`,
    // As the host hands a body over: its bytes.
    body: { bytes: typeof body === "string" ? Buffer.from(body) : body },
    headers: { "content-type": "application/json", ...headers },
    params: { entity },
  });
}
