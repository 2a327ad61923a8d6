import type { Mistake } from "./mistake";
import type { Topology } from "./schema";
import { secondsOf } from "./time-span";

/** What of the functions' host.json decides how long a prefetched message waits; the timeout in seconds. */
export interface Prefetch {
  readonly prefetchCount: number;
  readonly maxConcurrentCalls: number;
  readonly functionTimeout: number;
}

/**
 * A prefetched message is locked while it waits for a call to end, and no one renews that lock: it expires, and the message is delivered again while its first
 * delivery is still to be processed (learn.microsoft.com/azure/service-bus-messaging/service-bus-prefetch). So a message must not wait longer than its lock holds.
 */
export function prefetchMistakes({ stamps }: Topology, prefetch: Prefetch): Mistake[] {
  const { prefetchCount, maxConcurrentCalls, functionTimeout } = prefetch;
  if (prefetchCount === 0) return [];
  const longest = Math.ceil(prefetchCount / maxConcurrentCalls) * functionTimeout;
  return stamps.flatMap(({ queues, topics }, stamp) =>
    [
      ...queues.map((queue, index) => ({ ...queue, path: `stamps[${stamp}].queues[${index}]` })),
      ...topics.flatMap(({ subscriptions }, topic) =>
        subscriptions.map((subscription, index) => ({
          ...subscription,
          path: `stamps[${stamp}].topics[${topic}].subscriptions[${index}]`,
        })),
      ),
    ]
      .filter(({ forwardTo, lockDuration }) => forwardTo === undefined && (secondsOf(lockDuration) ?? 0) <= longest)
      .map(({ path, lockDuration }) => ({
        path: `${path}.lockDuration`,
        got: `"${lockDuration}"`,
        expected: `longer than ${longest} s: ⌈prefetchCount ${prefetchCount} ÷ maxConcurrentCalls ${maxConcurrentCalls}⌉ × functionTimeout ${functionTimeout} s of functions/host.json`,
        fix: "set prefetchCount to 0 in functions/host.json, or shorten functionTimeout",
      })),
  );
}
