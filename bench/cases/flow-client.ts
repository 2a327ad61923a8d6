import { ServiceBusClient, type ServiceBusReceiver, type ServiceBusSender } from "@azure/service-bus";

/**
 * A client in a process of its own, controlled by messages: the bare SDK against which the functions are measured, and the HTTP client
 * that posts to them.
 */
export type Task =
  | {
      readonly kind: "send";
      readonly queue: string;
      readonly batches: number;
      readonly size: number;
      readonly parallel: number;
    }
  | {
      readonly kind: "post";
      readonly url: string;
      /** How messages are written: one alone, one a line, or a list of them. */
      readonly form: "single" | "lines" | "array";
      readonly batches: number;
      readonly size: number;
      readonly parallel: number;
    }
  | { readonly kind: "subscribe"; readonly queue: string; readonly concurrency: number }
  | { readonly kind: "unsubscribe" }
  | { readonly kind: "through"; readonly queue: string; readonly batches: number; readonly size: number };

/** How long a task took, in milliseconds. */
export interface Done {
  readonly milliseconds: number;
}

const { BENCH_HOST = "", BENCH_PORT = "", BENCH_TOKEN = "" } = process.env;
const TEXT = "x".repeat(200);

let number = 0;
const subscribed: ServiceBusReceiver[] = [];
const bus = client();
const senders = new Map<string, ServiceBusSender>();

function client(): ServiceBusClient {
  const credential = {
    getToken: () => Promise.resolve({ token: BENCH_TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  return new ServiceBusClient(BENCH_HOST, credential, { customEndpointAddress: `sb://localhost:${BENCH_PORT}` });
}

/** Bodies as the producer would make them: about 256 bytes. */
function bodies(size: number): { id: string; text: string }[] {
  return Array.from({ length: size }, () => {
    number += 1;
    return { id: `${process.pid}-${number}`, text: TEXT };
  });
}

async function inParallel(count: number, parallel: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

async function sendBatch(queue: string, size: number): Promise<void> {
  const sender = senders.get(queue) ?? bus.createSender(queue);
  senders.set(queue, sender);
  const batch = await sender.createMessageBatch();
  for (const body of bodies(size)) {
    if (!batch.tryAddMessage({ messageId: body.id, body, contentType: "application/json" }))
      throw new Error("The batch is too large.");
  }
  await sender.sendMessages(batch);
}

const WRITTEN = {
  single: (items: readonly object[]) => JSON.stringify(items[0]),
  lines: (items: readonly object[]) => items.map((item) => JSON.stringify(item)).join("\n"),
  array: (items: readonly object[]) => JSON.stringify(items),
};

async function postBatch(url: string, size: number, form: keyof typeof WRITTEN): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": form === "lines" ? "application/x-ndjson" : "application/json" },
    body: WRITTEN[form](bodies(size)),
  });
  await response.arrayBuffer();
  if (response.status !== 202) throw new Error(`The producer answered ${response.status}.`);
}

async function perform(task: Task): Promise<void> {
  switch (task.kind) {
    case "send":
      await inParallel(task.batches, task.parallel, () => sendBatch(task.queue, task.size));
      return;
    case "post":
      await inParallel(task.batches, task.parallel, () => postBatch(task.url, task.size, task.form));
      return;
    case "subscribe": {
      const receiver = bus.createReceiver(task.queue);
      subscribed.push(receiver);
      receiver.subscribe(
        { processMessage: () => Promise.resolve(), processError: ({ error }) => Promise.reject(error) },
        { maxConcurrentCalls: task.concurrency },
      );
      return;
    }
    case "unsubscribe":
      for (const receiver of subscribed.splice(0)) await receiver.close();
      return;
    case "through": {
      // As many in as out: what waits stays as much as it was.
      const receiver = bus.createReceiver(task.queue);
      for (let batch = 0; batch < task.batches; batch += 1) {
        await sendBatch(task.queue, task.size);
        for (let taken = 0; taken < task.size;) {
          const messages = await receiver.receiveMessages(task.size - taken, { maxWaitTimeInMs: 5_000 });
          taken += messages.length;
          await Promise.all(messages.map((message) => receiver.completeMessage(message)));
        }
      }
      await receiver.close();
    }
  }
}

process.on("message", (task: Task) => {
  const began = performance.now();
  perform(task).then(
    () => process.send?.({ milliseconds: performance.now() - began } satisfies Done),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));
