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

/** What of `functions/host.json` the topology has to fit; the defaults are the Service Bus extension's and the host's. */
const schema = z.object({
  /** In seconds. @default 30 min, on a dedicated plan */
  functionTimeout: span.default(1_800),
  extensionBundle: z.unknown(),
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

export interface HostSettings {
  readonly prefetchCount: number;
  readonly maxConcurrentCalls: number;
  /** In seconds. */
  readonly functionTimeout: number;
  /** Whether the host loads its extensions as a bundle, which it asks the CDN for. */
  readonly extensionBundle: boolean;
}

export function hostSettings(path = join(resolve(__dirname, ".."), "functions/host.json")): HostSettings {
  const { functionTimeout, extensionBundle, extensions } = schema.parse(JSON.parse(readFileSync(path, "utf8")));
  return { functionTimeout, extensionBundle: extensionBundle !== undefined, ...extensions.serviceBus };
}
