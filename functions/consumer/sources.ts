import { createHash } from "node:crypto";
import { isObject, list, type Settings } from "../shared/settings";

/** The setting that lists what is consumed: JSON of sources as `writtenSources` writes them. */
export const CONSUMER_SOURCES = "CONSUMER_SOURCES";

/** The setting that names the queue of refused messages; none: there is no such queue. */
export const REFUSED_QUEUE = "REFUSED_QUEUE";

/** A queue, or a subscription of a topic. */
export type ConsumerSource =
  | { readonly queue: string; readonly requiresSession: boolean }
  | { readonly topic: string; readonly subscription: string; readonly requiresSession: boolean };

/** Sources as short as can be: an app's settings have room for some 30,000 characters. One without sessions is its name alone; no entity's name has a slash. */
export function writtenSources(sources: readonly ConsumerSource[]): string {
  return JSON.stringify(sources.map((source) => (source.requiresSession ? source : sourceName(source))));
}

/** @throws Error that names the setting where it is missing or wrong */
export function consumerSources(settings: Settings): readonly ConsumerSource[] {
  return list(settings, CONSUMER_SOURCES).map((entry) => {
    if (typeof entry === "string") return named(entry);
    if (!isSource(entry)) throw new Error(`The app setting ${CONSUMER_SOURCES} has an entry that is no source.`);
    return entry;
  });
}

/** How logs and telemetry call it: `queue1`, `topic1/subscription1`. */
export function sourceName(source: ConsumerSource): string {
  return "queue" in source ? source.queue : `${source.topic}/${source.subscription}`;
}

function named(name: string): ConsumerSource {
  const [entity = "", subscription] = name.split("/");
  return subscription === undefined
    ? { queue: entity, requiresSession: false }
    : { topic: entity, subscription, requiresSession: false };
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
