import { hostSettings } from "../../packaging/host-json";
import type { EntityDefinitions } from "../azure/messaging";
import type { Ledger } from "../flow/ledger";
import type { MessageFlow } from "../flow/message-flow";
import type { Waiting } from "./dependency/arrange";
import type { Random } from "./random";

/** A fault, what is expected of it, and the check that it came so. */
export interface Drill {
  /** As a user names it: the file's name. */
  readonly name: string;
  /** What happens. */
  readonly fault: string;
  /** What is expected, in a sentence. */
  readonly expected: string;
  /** Which regions' apps run. A drill with both fails over, so it needs a pair of regions. */
  readonly regions: "both" | "primary";
  /** Messages, where nothing else is asked for. */
  readonly messages: number;
  /** With fewer it shows nothing. */
  readonly fewest: number;
  /** How long a lock holds, where one has to be seen to expire, in milliseconds. @default the stacks' own */
  readonly lockMs?: number;
  /** What the messages wait in, where a dependency of the business logic holds them up: then one such entity takes the place of the topology's. */
  readonly waiting?: Waiting;
  /** Why the drill shows nothing on this stamp. @default it always shows something */
  unfit?(flow: MessageFlow): string | undefined;
  /** Causes the fault. */
  run(flow: MessageFlow, options: DrillOptions): Promise<void>;
  /** @returns what is not as expected */
  check(ledger: Ledger, flow: MessageFlow): string[];
}

/** Whether a drill fails over: a topology with one region cannot run it. */
export function needsAPair({ regions }: Drill): boolean {
  return regions === "both";
}

export interface DrillOptions {
  readonly messages: number;
  readonly random: Random;
  /** How long what is down stays so, in milliseconds. */
  readonly outageMs: number;
  /** The run's folder. */
  readonly folder: string;
}

/** How long a lock holds where one has to expire: the stacks' own would make the drill wait. */
export const SHORT_LOCK_MS = 3_000;

/** The stacks' entities, with other locks. */
export function withLocksOf(lockDurationMs: number | undefined, entities: EntityDefinitions): EntityDefinitions {
  if (lockDurationMs === undefined) return entities;
  return {
    queues: entities.queues.map((queue) => ({ ...queue, lockDurationMs })),
    topics: entities.topics.map((topic) => ({
      ...topic,
      subscriptions: topic.subscriptions.map((subscription) => ({ ...subscription, lockDurationMs })),
    })),
  };
}

/**
 * How many messages are held at least when more than one instance of the primary's consumer holds some: more than one of them can hold. A session is counted as one message.
 */
export function manyHeld({ posting, observing, primary }: MessageFlow): number {
  const { maxConcurrentCalls } = hostSettings();
  const certain = new Set(
    posting.entities().flatMap(({ name }) =>
      observing
        .destinations(name)
        .filter((destination) => destination.certain)
        .map(({ source }) => source),
    ),
  );
  const ofOne = observing
    .taken(primary.name)
    .filter(({ source }) => certain.has(source))
    .reduce((sum, { requiresSession }) => sum + (requiresSession ? 1 : maxConcurrentCalls), 0);
  return Math.ceil(ofOne * 1.5);
}

/** What a drill needs that posts a message twice. */
export function noDuplicateDetection({ posting }: MessageFlow): string | undefined {
  return posting.entitiesWithDuplicateDetection().length > 0
    ? undefined
    : "no queue or topic of the topology has duplicate detection";
}

/** A finding where something is not so. */
export function expectThat(truth: boolean, otherwise: string): string[] {
  return truth ? [] : [otherwise];
}

/** What every drill expects. */
export function nothingLost({ lost, unknown, unconfirmed, repeated }: Ledger): string[] {
  const unexplained = repeated.filter(({ cause }) => cause === undefined);
  return [
    ...expectThat(lost.length === 0, `lost: ${lost.join(", ")}`),
    ...expectThat(unknown.length === 0, `processed and never posted: ${unknown.join(", ")}`),
    ...expectThat(unconfirmed.length === 0, `never confirmed: ${unconfirmed.join(", ")}`),
    ...expectThat(
      unexplained.length === 0,
      `processed more than once without a cause: ${unexplained.map(({ messageId }) => messageId).join(", ")}`,
    ),
  ];
}

export function redelivered({ redelivered: causes }: Ledger): number {
  return Object.values(causes).reduce((sum, count) => sum + count, 0);
}
