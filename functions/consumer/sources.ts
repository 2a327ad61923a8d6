import { createHash } from "node:crypto";
import { list, type Settings } from "../shared/settings";

/** The setting that lists what is consumed: JSON of sources as `writtenSources` writes them. */
export const CONSUMER_SOURCES = "CONSUMER_SOURCES";

/** The setting that names the queue of refused messages; none: there is no such queue. */
export const REFUSED_QUEUE = "REFUSED_QUEUE";

interface SourceSettings {
  readonly requiresSession: boolean;
  /** How long a lock holds, in seconds: the trigger does not say until when its message is locked. */
  readonly lockSeconds: number;
}

/** A queue, or a subscription of a topic. */
export type ConsumerSource =
  | (SourceSettings & { readonly queue: string })
  | (SourceSettings & { readonly topic: string; readonly subscription: string });

/**
 * Sources as short as can be: an app's settings have room for some 30,000 characters. `queue1;30` is a queue with locks of 30 s, `topic1/subscription1;60;sessions`
 * a subscription with sessions: no name has a slash or a semicolon.
 */
export function writtenSources(sources: readonly ConsumerSource[]): string {
  return JSON.stringify(
    sources.map((source) => `${sourceName(source)};${source.lockSeconds}${source.requiresSession ? ";sessions" : ""}`),
  );
}

/** @throws Error that names the setting where it is missing or wrong */
export function consumerSources(settings: Settings): readonly ConsumerSource[] {
  return list(settings, CONSUMER_SOURCES).map((entry) => {
    const parts = typeof entry === "string" ? WRITTEN.exec(entry)?.groups : undefined;
    if (!parts) throw new Error(`The app setting ${CONSUMER_SOURCES} has an entry that is no source.`);
    const { entity = "", subscription, lock, sessions }: Partial<Record<string, string>> = parts;
    const shared = { requiresSession: sessions !== undefined, lockSeconds: Number(lock) };
    return subscription === undefined ? { queue: entity, ...shared } : { topic: entity, subscription, ...shared };
  });
}

const WRITTEN = /^(?<entity>[^/;]+)(?:\/(?<subscription>[^/;]+))?;(?<lock>\d+)(?<sessions>;sessions)?$/;

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
