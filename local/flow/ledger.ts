import { SEND_TIMEOUT_MS } from "../../functions/shared/bus";
import { originalId, suffixed } from "../../functions/shared/broker-id";
import { UNCOUNTED } from "../service-bus/entities/redelivery";
import type { Redelivery } from "../service-bus/entities/namespace";
import { type Destination, isAccountedFor } from "./destinations";
import type { Fault } from "./faults";
import type { Processed } from "./processed";
import { acceptedAt, type PostedMessage, sentAgain, underWayAt } from "./posted";

/** A message in a dead-letter queue. */
export interface DeadLetter {
  readonly messageId: string;
  readonly source: string;
  readonly region: string;
  readonly reason: string;
}

export interface LedgerInput {
  readonly posted: readonly PostedMessage[];
  readonly processed: readonly Processed[];
  /** Every instance that could have processed something. @default those that did */
  readonly instances?: readonly { readonly region: string; readonly instance: string }[];
  readonly deadLetters: readonly DeadLetter[];
  /** What process() refused for good, in the queue for that. @default none */
  readonly refusedForGood?: readonly DeadLetter[];
  /** What consumers take from. @default what was processed from */
  readonly sources?: readonly string[];
  /** Entities that are not active, as `name (status)`. @default none */
  readonly paused?: readonly string[];
  /** Why Service Bus delivered again, for each time it did; `region` is the namespace's. */
  readonly redeliveries: readonly (Redelivery & { readonly region: string })[];
  readonly faults: readonly Fault[];
  readonly destinations: (entity: string) => readonly Destination[];
  /** Whether an entity drops an id that it has seen before. @default each does */
  readonly dropsDuplicates?: (entity: string) => boolean;
  /** Ids that were in the primary when it came back, or at the end if it never did. */
  readonly stranded: readonly string[];
  /** Whether the stranded ones are still out of reach. */
  readonly primaryAway: boolean;
}

/** A message that was processed more than once, and why. */
export interface Repeated {
  readonly messageId: string;
  readonly source: string;
  readonly times: number;
  readonly where: readonly string[];
  /** None: nothing explains it. */
  readonly cause?: string;
}

/** What became of every message. */
export interface Ledger {
  readonly posted: number;
  readonly accepted: number;
  readonly refused: number;
  /** Given up by the client without a 202. */
  readonly unconfirmed: readonly string[];
  /** Messages that needed more than one post. */
  readonly retried: number;
  /** Posts by what came of them: the HTTP status, or `no answer`; each message of a batch counts. */
  readonly answers: Readonly<Record<string, number>>;
  /** Records of processing, by region and instance. */
  readonly processed: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The same, by queue and subscription. */
  readonly processedFrom: Readonly<Record<string, number>>;
  /** Deliveries that followed another one, by cause. */
  readonly redelivered: Readonly<Record<string, number>>;
  readonly deadLettered: readonly DeadLetter[];
  readonly refusedForGood: readonly DeadLetter[];
  /** Accepted, and no subscription took it: no filter matched. */
  readonly untaken: readonly string[];
  readonly paused: readonly string[];
  readonly stranded: readonly string[];
  readonly repeated: readonly Repeated[];
  /** Accepted, and neither processed nor dead-lettered nor stranded: `id at source`. */
  readonly lost: readonly string[];
  /** Processed, and never posted, or not to there, or though it was refused: `id at source`. */
  readonly unknown: readonly string[];
  /** Everything posted is accepted and processed, and every repetition has a cause. */
  readonly balanced: boolean;
}

/** Joins the two records: the ids in 202 answers, and the ids in "processed" lines. */
export function ledgerOf(input: LedgerInput): Ledger {
  const { posted: messages, deadLetters, refusedForGood = [], sources = [], redeliveries, primaryAway } = input;
  const records = grouped(input.processed);
  const dead = new Set([...deadLetters, ...refusedForGood].map(({ messageId, source }) => keyOf(messageId, source)));
  const isKnown = (id: string, source: string) => {
    const key = keyOf(id, source);
    return records.has(key) || dead.has(key);
  };
  const accepted = messages.filter((message) => acceptedAt(message) !== undefined);
  const stranded = new Set(input.stranded);
  const lost = accepted.flatMap(({ id, entity }) =>
    input
      .destinations(entity)
      .filter((destination) => {
        if (!destination.certain || (primaryAway && stranded.has(id))) return false;
        return !isAccountedFor(destination, (source) => isKnown(id, source));
      })
      .map(({ source }) => `${id} at ${source}`),
  );
  const untaken = accepted.flatMap(({ id, entity }) => {
    const destinations = input.destinations(entity);
    const reached = destinations.some(
      (destination) => destination.certain || isAccountedFor(destination, (source) => isKnown(id, source)),
    );
    return reached || stranded.has(id) ? [] : [id];
  });
  const posted = new Map(messages.map((message) => [message.id, message]));
  const repeated = [...records.values()].flatMap((group) =>
    group.length > 1 ? [repetition(group, input, posted)] : [],
  );
  const unknown = [...records.values()].flatMap(([record]) => {
    if (!record) return [];
    const { messageId, entity } = record;
    const message = posted.get(messageId);
    const belongs =
      message !== undefined &&
      !isRefused(message) &&
      input
        .destinations(message.entity)
        .some((destination) => isAccountedFor(destination, (source) => source.toLowerCase() === entity.toLowerCase()));
    return belongs ? [] : [`${messageId} at ${entity}`];
  });
  const unconfirmed = messages
    .filter(({ attempts }) => attempts.at(-1)?.outcome === "unconfirmed" || attempts.length === 0)
    .map(({ id }) => id);
  return {
    posted: messages.length,
    accepted: accepted.length,
    refused: messages.filter(isRefused).length,
    unconfirmed,
    retried: messages.filter(({ attempts }) => attempts.length > 1).length,
    answers: counted(
      messages.flatMap(({ attempts }) =>
        attempts.map(({ status }) => (status === undefined ? "no answer" : String(status))),
      ),
    ),
    processed: byRegion(input.processed, input.instances),
    processedFrom: {
      ...Object.fromEntries(sources.map((source) => [source, 0])),
      ...counted(input.processed.map(({ entity }) => entity)),
    },
    redelivered: counted(redeliveries.map(({ cause }) => cause)),
    deadLettered: deadLetters,
    refusedForGood,
    untaken,
    paused: input.paused ?? [],
    stranded: input.stranded,
    repeated,
    lost,
    unknown,
    balanced:
      accepted.length === messages.length &&
      deadLetters.length === 0 &&
      refusedForGood.length === 0 &&
      lost.length === 0 &&
      unknown.length === 0 &&
      unconfirmed.length === 0 &&
      repeated.every(({ cause }) => cause !== undefined),
  };
}

/**
 * Within a region, each record but the first must be a later delivery, by its count, and Service Bus must have had a cause for as many. An entity without duplicate detection
 * may hold a message twice, where it was sent twice. Over two regions, the message must have been on its way when something ended sends.
 */
function repetition(
  group: readonly Processed[],
  input: LedgerInput,
  posted: ReadonlyMap<string, PostedMessage>,
): Repeated {
  const { messageId, entity } = group[0] as Processed;
  const causes = new Set<string>();
  const regions = [...new Set(group.map(({ region }) => region))];
  const message = posted.get(messageId);
  const by = message && sentTwiceBy(message, input);
  let explained = true;
  for (const region of regions) {
    const counts = group.filter((record) => record.region === region).map(({ deliveryCount }) => deliveryCount);
    const again = input.redeliveries.filter(
      (redelivery) =>
        isOf(redelivery.messageId, messageId) && redelivery.region === region && sourceOf(redelivery.entity) === entity,
    );
    if (counts.length > 1) for (const redelivery of again) causes.add(`redelivered: ${causeOf(redelivery, input)}`);
    // Two deliveries of one count are two messages, unless what came between counts none.
    const same = Math.max(...counts.map((count) => counts.filter((other) => other === count).length));
    const copies = Math.max(1, same - again.filter(({ cause }) => UNCOUNTED.includes(cause)).length);
    if (copies === 1) {
      explained &&= Math.max(...counts) - 1 <= again.length && counts.length - 1 <= again.length;
      continue;
    }
    const takesDuplicates = message !== undefined && input.dropsDuplicates?.(message.entity) === false;
    explained &&= takesDuplicates && by !== undefined && counts.length - copies <= again.length;
    if (by !== undefined) causes.add(`sent again by ${by} to an entity without duplicate detection`);
  }
  if (regions.length > 1) {
    explained &&= by !== undefined;
    if (by !== undefined)
      causes.add(`accepted by one region, its answer never received, sent again to the other by ${by}`);
  }
  return {
    messageId,
    source: entity,
    times: group.length,
    where: group.map(({ instance }) => instance),
    ...(explained ? { cause: [...causes].join("; ") } : {}),
  };
}

/**
 * Who sent a message a second time, where something ended a send of it; nothing where there was no reason to. On a slow machine an answer may come after the SDK has
 * stopped waiting for it: the message is there, and is sent again.
 */
function sentTwiceBy(message: PostedMessage, { faults }: LedgerInput): string | undefined {
  const by = sentAgain(message) ? "the client" : "the producer's SDK";
  if (faults.some(({ at, endsSends }) => endsSends && underWayAt(message, at))) return by;
  const isLate = message.attempts.some(({ began, at }) => at - began >= SEND_TIMEOUT_MS);
  return isLate ? `${by}, after an answer that came too late for the SDK,` : undefined;
}

/** An expired lock is no cause by itself: the fault before it may be. */
function causeOf({ cause, at, region }: LedgerInput["redeliveries"][number], { faults }: LedgerInput): string {
  if (cause !== "lock expired") return cause;
  const before = faults.filter((fault) => fault.region === region && fault.at <= at);
  const latest = before.at(-1);
  return latest ? `${cause} after ${latest.what}` : cause;
}

/** A copy that a deferral made has an id of its own: the sender's, and how many came before. Where callers are authenticated, the owner follows it. */
function isOf(id: string, messageId: string): boolean {
  const brokerId = id.replace(/@[0-9a-f]{32}(?=~|$)/, "");
  const suffix = /~(\d+)$/.exec(brokerId)?.[1];
  return brokerId === originalId(messageId) || (suffix !== undefined && brokerId === suffixed(messageId, suffix));
}

function isRefused({ attempts }: PostedMessage): boolean {
  return attempts.at(-1)?.outcome === "refused";
}

/** `topic1/Subscriptions/subscription1` as the consumer's log names it. */
export function sourceOf(path: string): string {
  return path.replace(/\/Subscriptions\//i, "/");
}

function grouped(processed: readonly Processed[]): Map<string, Processed[]> {
  const groups = new Map<string, Processed[]>();
  for (const record of processed) {
    const key = keyOf(record.messageId, record.entity);
    const group = groups.get(key);
    if (group) group.push(record);
    else groups.set(key, [record]);
  }
  return groups;
}

/** Regions where nothing was processed are left out; an instance that did nothing where others did something is not. */
function byRegion(
  processed: readonly Processed[],
  all: LedgerInput["instances"] = [],
): Record<string, Record<string, number>> {
  const regions: Record<string, Record<string, number>> = {};
  for (const { region, instance } of all) {
    if (processed.some((record) => record.region === region)) (regions[region] ??= {})[instance] = 0;
  }
  for (const { region, instance } of processed) {
    const instances = (regions[region] ??= {});
    instances[instance] = (instances[instance] ?? 0) + 1;
  }
  return regions;
}

function counted(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function keyOf(id: string, source: string): string {
  return `${source.toLowerCase()} ${id}`;
}
