import { setTimeout as pause } from "node:timers/promises";
import type { SendableEntity } from "./destinations";
import type { MessageFlow } from "./message-flow";
import type { PostProps } from "./posting";

/** In Azure a person decides to fail over, and minutes pass. Here it is long enough for clients to see 503s. */
const DECISION_MS = 1_500;
const DRAIN_MS = 120_000;
/** The primary goes down with about this many messages that no consumer holds yet. */
const BACKLOG = 40;

export interface FailoverProps {
  readonly count: number;
  readonly batch: number;
  /** @default all that the producer lets through, by turns */
  readonly entities?: readonly SendableEntity[];
  /** What each message holds. @default a counter */
  readonly body?: PostProps["body"];
  /** Whether the old primary comes back. @default true */
  readonly returns?: boolean;
  /** How much later than the alias the secondary answers, in milliseconds. @default 0 */
  readonly secondaryLateMs?: number;
  /** Happens just before the primary goes down, with posts under way. */
  readonly before?: () => Promise<void>;
  readonly say?: (what: string) => void;
  /** Moves the alias. @default at once, without a command */
  readonly move?: (alias: string) => Promise<void>;
}

export interface FailoverOutcome {
  /** From the primary's end to the first 202 after it, in milliseconds. */
  readonly outageMs: number;
  readonly stranded: readonly string[];
  /** Whether everything that could be processed was, in time. */
  readonly drained: boolean;
}

/**
 * The failover, under load: the primary goes down with messages in it, the alias moves, clients go on posting, the other region takes over;
 * then the old primary comes back, a namespace of its own now, and its consumers drain what was stranded.
 *
 * @throws Error where there is no pairing
 */
export async function failOver(flow: MessageFlow, props: FailoverProps): Promise<FailoverOutcome> {
  const { local, posting: clients, draining, observing, primary, secondary } = flow;
  const {
    count,
    batch,
    entities,
    body,
    returns = true,
    secondaryLateMs = 0,
    before: justBefore,
    say = () => undefined,
    move = (name: string) => {
      local.azure.failOver(name);
      return Promise.resolve();
    },
  } = props;
  const { alias } = flow.stamp;
  if (!secondary || alias === undefined) throw new Error("There is no pairing to fail over.");
  const before = clients.posted.accepted;
  const load = { batch, entities, body, region: primary.location, parallel: 8 };
  const early = Math.ceil(count / 2);
  const state = { posted: 0 };
  const post = (messages: number) =>
    clients.post({ ...load, count: messages }).finally(() => {
      state.posted += messages;
    });
  const posting = [post(early)];
  while (state.posted < early && clients.posted.accepted - before < early / 2) await pause(2);
  const late = Math.floor((count - early) / 2);
  posting.push(post(count - early - late));
  // Consumers that keep up would leave nothing to strand.
  local.broker.stall(primary.name);
  say(`${primary.name} stops delivering messages, so that some are left in it when it fails`);
  while (state.posted < count - late && backlog(flow) < BACKLOG) await pause(2);
  await justBefore?.();
  const wentDown = Date.now();
  if (secondaryLateMs > 0) await local.broker.goDown(secondary.name);
  await local.broker.goDown(primary.name);
  say(`${primary.name} is down with messages in it; clients get 503s and post again`);

  await pause(DECISION_MS);
  await move(alias);
  say(`${alias} names ${secondary.name} now`);
  if (secondaryLateMs > 0) {
    await pause(secondaryLateMs);
    await local.broker.comeUp(secondary.name);
    say(`${secondary.name} answers now`);
  }
  await draining.consumersListen(secondary.location);
  posting.push(post(late));
  await Promise.all(posting);
  say(`every message is accepted; ${secondary.location} processes what it has`);

  // What is processed nowhere by then is in the primary.
  const stranded = await settled(flow);
  if (returns) {
    await local.broker.comeUp(primary.name);
    observing.primaryIsBack();
    say(`${primary.name} is back with ${stranded.length} messages; its own consumers process them`);
  }
  const drained = await draining.drained(DRAIN_MS, new Set(returns ? [] : stranded));
  return { outageMs: outage(flow, wentDown), stranded, drained };
}

function backlog({ local, primary }: MessageFlow): number {
  return local.broker
    .entities(primary.name)
    .all()
    .filter(({ path }) => !path.includes("$"))
    .map(({ counts }) => counts.active - counts.locked)
    .reduce((sum, waiting) => sum + waiting, 0);
}

/** Waits until the secondary's own messages are processed: until what is open changes no more. */
async function settled({ observing, secondary }: MessageFlow): Promise<readonly string[]> {
  const until = Date.now() + DRAIN_MS;
  while (observing.left(secondary?.name ?? "") > 0 && Date.now() < until) await pause(50);
  return observing.noteStranded();
}

function outage({ posting }: MessageFlow, wentDown: number): number {
  const after = posting.posted
    .all()
    .flatMap(({ attempts }) => attempts.filter(({ began, outcome }) => outcome === "accepted" && began > wentDown));
  return after.reduce((first, { at }) => Math.min(first, at), Infinity) - wentDown;
}
