import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const span = z
  .string()
  .regex(/^\d{2}:\d{2}:\d{2}$/)
  .transform((text) => {
    const [hours = 0, minutes = 0, seconds = 0] = text.split(":").map(Number);
    return hours * 3600 + minutes * 60 + seconds;
  });

/** What of `functions/host.json` the topology's locks have to fit; the defaults are the Service Bus extension's and the host's. */
const schema = z.object({
  /** In seconds. @default 30 min, on a dedicated plan */
  functionTimeout: span.default(1_800),
  extensions: z
    .object({
      serviceBus: z
        .object({
          prefetchCount: z.number().int().min(0).default(0),
          maxConcurrentCalls: z.number().int().min(1).default(16),
        })
        .prefault({}),
    })
    .prefault({}),
});

export interface TriggerSettings {
  readonly prefetchCount: number;
  readonly maxConcurrentCalls: number;
  /** In seconds. */
  readonly functionTimeout: number;
}

export function triggerSettings(path = join(resolve(__dirname, ".."), "functions/host.json")): TriggerSettings {
  const { functionTimeout, extensions } = schema.parse(JSON.parse(readFileSync(path, "utf8")));
  return { functionTimeout, ...extensions.serviceBus };
}
