import { HttpRequest, InvocationContext } from "@azure/functions";
import type { ServiceBusMessageBatch } from "@azure/service-bus";
import { producerHandler } from "../../functions/producer/handler";
import type { RequestLimits } from "../../functions/producer/limits";
import type { Sender } from "../../functions/shared/bus";

/**
 * The worst that a request may legally bring, by one of these bodies at a time, in a process of its own: as many values as fit, as many messages as may be, everything
 * that makes reading expensive. A send succeeds at once. `<body> <limits as JSON> <largest message in bytes>`; prints milliseconds and by how much the process has grown.
 */
const BODIES: Readonly<Record<string, (limits: RequestLimits, largest: number) => string>> = {
  "one message of empty lists": (_limits, largest) => filled('{"a":[', "[],", "[]]}", largest - HEADERS),
  "one message of escapes": (_limits, largest) => filled('{"a":["', "\\u0041", '"]}', largest - HEADERS),
  "a batch of empty lists": ({ items, bytes }) => batch(items, bytes, "[],", '{"a":[', "[]]}"),
  "a batch of messages with their own properties": ({ items, bytes }) =>
    batch(items, bytes, '{"a":0},', '{"$serviceBus":{},"a":[', '{"a":0}]}'),
  "a batch of short keys": ({ items, bytes }) => batch(items, bytes, '"\\u0041":1,', "{", '"b":1}'),
};

/** What a message takes beside its body, at most, where it has no properties of its own. */
const HEADERS = 1_000;

function filled(start: string, part: string, end: string, bytes: number): string {
  return start + part.repeat(Math.floor((bytes - start.length - end.length) / part.length)) + end;
}

function batch(items: number, bytes: number, part: string, start: string, end: string): string {
  const item = filled(start, part, end, Math.floor((bytes - 2) / items) - 1);
  return `[${Array.from({ length: items }, () => item).join(",")}]`;
}

export const WORST_BODIES = Object.keys(BODIES);

const sender: Sender = {
  createMessageBatch: () => Promise.resolve({ tryAddMessage: () => true } as unknown as ServiceBusMessageBatch),
  sendMessages: () => Promise.resolve(),
};

async function measure(name: string, limits: RequestLimits, largest: number): Promise<void> {
  const text = BODIES[name]?.(limits, largest) ?? "";
  const handler = producerHandler({
    entities: new Map([["queue1", { name: "queue1", maxMessageBytes: largest, requiresSession: false }]]),
    limits,
    bus: { host: "namespace", through: (_entity, work) => work(sender) },
    telemetry: { dependency: () => undefined, exception: () => undefined, metric: () => undefined },
  });
  const request = new HttpRequest({
    method: "POST",
    url: "https://producer.example/api/messages/queue1",
    body: { bytes: Buffer.from(text) },
    headers: { "content-type": "application/json" },
    params: { entity: "queue1" },
  });
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const { status } = await handler(request, new InvocationContext({ logHandler: () => undefined }));
  if (status !== 202) throw new Error(`${name}: the producer answered ${status ?? "nothing"}.`);
  process.stdout.write(
    JSON.stringify({
      milliseconds: performance.now() - began,
      // Not the peak: on Linux a process begins with its parent's.
      megabytes: (process.memoryUsage().rss - before) / 1_048_576,
    }),
  );
}

if (require.main === module) {
  const [, , name = "", limits = "", largest = ""] = process.argv;
  void measure(name, JSON.parse(limits) as RequestLimits, Number(largest));
}
