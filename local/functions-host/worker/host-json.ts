import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const span = z
  .string()
  .regex(/^\d{2}:\d{2}:\d{2}(\.\d+)?$/)
  .transform((text) => {
    const [hours = 0, minutes = 0, seconds = 0] = text.split(":").map(Number);
    return (hours * 3600 + minutes * 60 + seconds) * 1000;
  });

// The defaults are those of the Service Bus extension 5.x (learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus).
const serviceBus = z.strictObject({
  autoCompleteMessages: z.boolean().default(true),
  prefetchCount: z.number().int().min(0).default(0),
  maxConcurrentCalls: z.number().int().min(1).default(16),
  maxConcurrentSessions: z.number().int().min(1).default(8),
  maxAutoLockRenewalDuration: span.default(300_000),
  clientRetryOptions: z
    .strictObject({
      mode: z.enum(["exponential", "fixed"]).default("exponential"),
      tryTimeout: span.default(60_000),
      delay: span.default(800),
      maxDelay: span.default(60_000),
      maxRetries: z.number().int().default(3),
    })
    .prefault({}),
});

// Without limits on a dedicated plan (learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook#hostjson-settings).
const http = z.strictObject({
  routePrefix: z.string().default("api"),
  maxConcurrentRequests: z.number().int().min(-1).default(-1),
  maxOutstandingRequests: z.number().int().min(-1).default(-1),
});

/** Taken and not acted on: they say nothing of what a function sees. */
const UNUSED = ["logging", "extensionBundle", "healthMonitor", "watchDirectories"] as const;
const unused = Object.fromEntries(UNUSED.map((key) => [key, z.unknown().optional()]));

// What this host does not know is refused: a setting that is not followed would be believed.
const schema = z.strictObject({
  ...unused,
  version: z.literal("2.0"),
  // On a Premium plan (learn.microsoft.com/azure/azure-functions/functions-host-json#functiontimeout); -1: without end. A call that takes longer is not ended here.
  functionTimeout: z.union([z.literal("-1").transform(() => Infinity), span]).default(1_800_000),
  extensions: z
    .strictObject({
      http: http.prefault({}),
      serviceBus: serviceBus.prefault({}),
    })
    .prefault({}),
});

/** What of `host.json` this host follows; times in milliseconds. */
export type HostJson = z.output<typeof schema>;

/** @throws Error that says what is wrong with the file */
export function readHostJson(folder: string): HostJson {
  const path = join(folder, "host.json");
  const result = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`host.json: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`);
}
