import type { Stamp } from "../../topology/schema";
import { secondsOf } from "../../topology/time-span";

/** A queue or a subscription that a consumer takes from. */
export interface Taken {
  /** `queue1`, `topic1/subscription1`. */
  readonly name: string;
  /** Below the namespace's ARM id, in lower case: `queues/queue1`. */
  readonly path: string;
  readonly isQueue: boolean;
  readonly requiresSession: boolean;
  readonly lockSeconds: number;
  /** Whether its status lets messages out. */
  readonly isActive: boolean;
}

const CLOSED: readonly string[] = ["Disabled", "ReceiveDisabled"];

/**
 * Queues and subscriptions that keep their messages: a further consumer's are those that it names, the first one's the others.
 *
 * @param consumer the further one's name. @default the first consumer
 */
export function takenBy({ queues, topics, consumers, refusedMessages }: Stamp, consumer: string | undefined): Taken[] {
  const all = [
    ...queues
      .filter(({ name, forwardTo }) => forwardTo === undefined && name.toLowerCase() !== refusedMessages?.toLowerCase())
      .map(({ name, requiresSession, lockDuration, status }) => ({
        name,
        path: `queues/${name}`,
        isQueue: true,
        requiresSession,
        lockSeconds: Math.floor(secondsOf(lockDuration) ?? 0),
        isActive: !CLOSED.includes(status),
      })),
    ...topics.flatMap((topic) =>
      topic.subscriptions
        .filter(({ forwardTo }) => forwardTo === undefined)
        .map(({ name, requiresSession, lockDuration, status }) => ({
          name: `${topic.name}/${name}`,
          path: `topics/${topic.name}/subscriptions/${name}`,
          isQueue: false,
          requiresSession,
          lockSeconds: Math.floor(secondsOf(lockDuration) ?? 0),
          isActive: !CLOSED.includes(status) && topic.status !== "Disabled",
        })),
    ),
  ];
  const others = consumers.flatMap(({ takes }) => takes.map((name) => name.toLowerCase()));
  const own = consumers.find(({ name }) => name === consumer)?.takes.map((name) => name.toLowerCase());
  return all
    .filter(({ name }) => (own ? own.includes(name.toLowerCase()) : !others.includes(name.toLowerCase())))
    .map((each) => ({ ...each, path: each.path.toLowerCase() }));
}
