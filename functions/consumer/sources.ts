import { createHash } from "node:crypto";
import { isObject, list, type Settings } from "../shared/settings";

/** The setting that lists what is consumed: JSON of `ConsumerSource[]`. */
export const CONSUMER_SOURCES = "CONSUMER_SOURCES";

/** The setting that names the queue of refused messages; none: there is no such queue. */
export const REFUSED_QUEUE = "REFUSED_QUEUE";

/** A queue, or a subscription of a topic. */
export type ConsumerSource =
  | { readonly queue: string; readonly requiresSession: boolean }
  | { readonly topic: string; readonly subscription: string; readonly requiresSession: boolean };

/** @throws Error that names the setting where it is missing or wrong */
export function consumerSources(settings: Settings): readonly ConsumerSource[] {
  return list(settings, CONSUMER_SOURCES).map((entry) => {
    if (!isSource(entry)) throw new Error(`The app setting ${CONSUMER_SOURCES} has an entry that is no source.`);
    return entry;
  });
}

/** How logs and telemetry call it: `queue1`, `topic1/subscription1`. */
export function sourceName(source: ConsumerSource): string {
  return "queue" in source ? source.queue : `${source.topic}/${source.subscription}`;
}

/** Azure's limit for a function's name. */
const LONGEST_NAME = 127;

/** The trigger's function name: letters, digits, hyphens and underscores, different for different sources. */
export function functionName(source: ConsumerSource): string {
  const name =
    "queue" in source
      ? `queue-${escaped(source.queue)}`
      : `topic-${escaped(source.topic)}__${escaped(source.subscription)}`;
  if (name.length <= LONGEST_NAME) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${name.slice(0, LONGEST_NAME - hash.length - 1)}-${hash}`;
}

function escaped(name: string): string {
  return name.replace(/[^A-Za-z0-9-]/g, (character) => `_${character.charCodeAt(0).toString(16)}`);
}

function isSource(entry: unknown): entry is ConsumerSource {
  if (!isObject(entry) || typeof entry.requiresSession !== "boolean") return false;
  return typeof entry.queue === "string" || (typeof entry.topic === "string" && typeof entry.subscription === "string");
}
