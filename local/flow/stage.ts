import { setTimeout as pause } from "node:timers/promises";
import { consumerSources, REFUSED_QUEUE, sourceName } from "../../functions/consumer/sources";
import { PRODUCER_ENTITIES } from "../../functions/producer/entities";
import { idsIn, PROPERTY } from "../../functions/shared/message-properties";
import type { Content } from "../service-bus/entities/content";
import type { MessageQueue } from "../service-bus/entities/queue";
import { UsageError } from "../../topology/mistake";
import type { Namespace } from "../azure/azure";
import type { RunningApp } from "../functions-host/host";
import type { LocalAzure } from "../local-azure";
import { Client, type Outgoing } from "./client";
import { type Destination, destinationsOf, pausedIn, primaryOf, type Target, targetsIn } from "./destinations";
import { disturbancesOf } from "./disturbances";
import { type DeadLetter, type Ledger, ledgerOf, sourceOf } from "./ledger";
import { type Processed, ProcessedLog } from "./processed";
import { acceptedAt, Submissions } from "./submissions";

const POLL_MS = 50;
/** A client gives up after that; a run that takes longer is stuck. */
const GIVE_UP_MS = 120_000;

/** A topic has at most that many subscriptions (learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas). */
const LONGEST_FAN_OUT = 2_000;

export interface PostProps {
  readonly count: number;
  /** Messages a request. */
  readonly batch: number;
  /** The region whose producer is posted to. */
  readonly region: string;
  /** Requests at a time. @default 4 */
  readonly parallel?: number;
  /** @default all the producer lets through, by turns */
  readonly targets?: readonly Target[];
  /** Whether each message is posted alone, under its id as Idempotency-Key and without one in its body. @default false */
  readonly byKey?: boolean;
  /** @default a counter and nothing else */
  readonly body?: (index: number) => Readonly<Record<string, unknown>>;
}

/** A small Azure with a producer's clients in front of it, and the two records of what happened. */
export class Stage {
  readonly submissions = new Submissions();
  readonly primary: Namespace;
  readonly secondary?: Namespace;
  readonly alias?: string;
  private readonly processedLog: ProcessedLog;
  private readonly seen = new Set<string>();
  private readRecords = 0;
  private sequence = 0;
  private strandedIds: readonly string[] = [];
  private primaryAway = false;

  constructor(
    readonly local: LocalAzure,
    /** What the ids start with. */
    private readonly prefix = "message",
  ) {
    const { azure } = local;
    const [pairing] = azure.aliases();
    const primary = primaryOf(azure);
    if (!primary) throw new UsageError("The stacks declare no Service Bus namespace: there is nothing to run.");
    this.primary = primary;
    this.alias = pairing?.alias;
    this.secondary = pairing?.partnerId === undefined ? undefined : azure.namespaces.get(pairing.partnerId);
    this.processedLog = new ProcessedLog(this.consumers());
  }

  producer(region: string): RunningApp {
    return this.appIn(region, true);
  }

  consumer(region: string): RunningApp {
    return this.appIn(region, false);
  }

  /** What the producer lets through and consumers take from. */
  targets(): Target[] {
    return targetsIn(this.local.azure);
  }

  destinations = (entity: string): readonly Destination[] => destinationsOf(this.local.azure, this.primary.id, entity);

  client(region: string, longestWaitMs = 500): Client {
    const { app, url } = this.producer(region);
    return new Client({
      url: () => url,
      submissions: this.submissions,
      giveUpMs: GIVE_UP_MS,
      longestWaitMs,
      token: this.tokenFor(app),
    });
  }

  /** What a client of the app needs, where its authentication asks for a token. */
  tokenFor({ authentication }: RunningApp["app"]): string | undefined {
    const [audience] = authentication?.audiences ?? [];
    if (audience === undefined) return undefined;
    const clientId = authentication?.applications?.[0] ?? "a-client";
    return this.local.authority.issue({ principalId: clientId, clientId }, audience).token;
  }

  /** Posts messages in batches, each entity by turns. */
  async post({
    count,
    batch,
    region,
    parallel = 4,
    targets = this.targets(),
    byKey = false,
    body = () => ({}),
  }: PostProps): Promise<void> {
    const client = this.client(region);
    const batches: { target: Target; messages: Outgoing[] }[] = [];
    for (let left = count, turn = 0; left > 0; left -= batch, turn += 1) {
      const target = targets[turn % targets.length];
      if (!target) throw this.nothingToSendTo();
      const messages = Array.from({ length: Math.min(batch, left) }, () => this.next(target, body));
      batches.push({ target, messages });
    }
    const poster = async () => {
      for (let next = batches.shift(); next; next = batches.shift())
        await client.post(next.target.name, next.messages, byKey);
    };
    await Promise.all(Array.from({ length: parallel }, poster));
  }

  next(target: Target, body: (index: number) => object = () => ({})): Outgoing {
    this.sequence += 1;
    const id = `${this.prefix}-${String(this.sequence).padStart(6, "0")}`;
    return {
      id,
      number: this.sequence,
      ...(target.requiresSession ? { sessionId: `session-${this.sequence % 10}` } : {}),
      ...body(this.sequence),
    };
  }

  /**
   * Waits until every accepted message is processed or dead-lettered, and nobody holds one: what was processed and not settled comes again.
   *
   * @returns whether it came to that
   */
  async drained(timeoutMs: number, except: ReadonlySet<string> = new Set()): Promise<boolean> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      this.readProcessed();
      if (this.isIdle() && this.mayBeDrained(except.size) && this.openIds().every((id) => except.has(id))) return true;
      if (Date.now() > until) return false;
      await pause(POLL_MS);
    }
  }

  /** How many messages of the primary consumers hold. */
  held(): number {
    return this.local.broker
      .entities(this.primary.name)
      .all()
      .reduce((sum, { counts }) => sum + counts.locked, 0);
  }

  /** How many messages wait or are held where a consumer takes from a namespace. */
  left(namespace: string): number {
    return this.taken(namespace).reduce((sum, { queue }) => sum + queue.counts.active, 0);
  }

  /** The queues and subscriptions that the consumer in a namespace's region takes from. */
  private taken(namespace: string): { queue: MessageQueue; requiresSession: boolean }[] {
    const { azure, broker, host } = this.local;
    const region = azure.namespaces.all().find(({ name }) => name === namespace)?.location;
    const consumer = host.apps.find(
      ({ app }) => app.location === region && app.settings[PRODUCER_ENTITIES] === undefined,
    );
    if (!consumer) return [];
    return consumerSources(consumer.app.settings).map((source) => ({
      queue: broker
        .entities(namespace)
        .receivable("queue" in source ? source.queue : `${source.topic}/Subscriptions/${source.subscription}`),
      requiresSession: source.requiresSession,
    }));
  }

  /**
   * Waits for something to become true.
   *
   * @param what it is, in words
   * @throws Error where it does not
   */
  async until(what: string, condition: () => boolean, timeoutMs = 30_000): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`This did not come within ${timeoutMs / 1000} s: ${what}.`);
      await pause(1);
    }
  }

  /** Waits until every instance of a region's consumer has a receiver everywhere: from then on they share what comes. */
  async consumersListen(region: string, timeoutMs = 60_000): Promise<void> {
    const namespace = this.local.azure.namespaces.all().find(({ location }) => location === region);
    if (!namespace) return;
    const { app, instances } = this.consumer(region);
    const taken = this.taken(namespace.name).filter(({ requiresSession }) => !requiresSession);
    await this.until(
      `every instance of ${app.name} receives`,
      () => taken.every(({ queue }) => queue.receivers >= instances.length),
      timeoutMs,
    );
  }

  /** Ids that were accepted and are neither processed nor dead-lettered. */
  openIds(): string[] {
    this.readProcessed();
    const dead = new Set(
      [...this.deadLetters(), ...this.refusedForGood()].map(({ messageId, source }) => `${source} ${messageId}`),
    );
    return this.submissions
      .all()
      .filter((submission) => acceptedAt(submission) !== undefined)
      .filter(({ id, entity }) =>
        this.destinations(entity).some(
          ({ source, certain }) => certain && !this.seen.has(`${source} ${id}`) && !dead.has(`${source} ${id}`),
        ),
      )
      .map(({ id }) => id);
  }

  /** Notes what is processed nowhere and really lies in the primary, while nobody gets at it. */
  noteStranded(): readonly string[] {
    const inPrimary = new Set(
      this.local.broker
        .entities(this.primary.name)
        .all()
        .flatMap((queue) => queue.peek(0, Infinity).map(({ content }) => senderIdOf(content))),
    );
    this.strandedIds = this.openIds().filter((id) => inPrimary.has(id));
    this.primaryAway = true;
    return this.strandedIds;
  }

  primaryIsBack(): void {
    this.primaryAway = false;
  }

  deadLetters(): DeadLetter[] {
    const { azure, broker } = this.local;
    return azure.namespaces.all().flatMap(({ name, location }) =>
      broker
        .entities(name)
        .all()
        .filter(({ path }) => path.endsWith("/$DeadLetterQueue") && !path.includes("$Transfer"))
        .flatMap((queue) =>
          queue.peek(0, Infinity).map(({ content }) => ({
            messageId: senderIdOf(content),
            source: sourceOf(queue.path.replace("/$DeadLetterQueue", "")),
            region: location,
            reason: String(content.applicationProperty("DeadLetterReason")),
          })),
        ),
    );
  }

  /** What process() set aside, in the queue of refused messages. */
  refusedForGood(): DeadLetter[] {
    const { azure, broker } = this.local;
    const [setting] = this.consumers().flatMap(({ app }) => app.settings[REFUSED_QUEUE] ?? []);
    if (setting === undefined) return [];
    return azure.namespaces.all().flatMap(({ name, location }) =>
      broker
        .entities(name)
        .all()
        .filter(({ path }) => path.toLowerCase() === setting.toLowerCase())
        .flatMap((queue) =>
          queue.peek(0, Infinity).map(({ content }) => ({
            messageId: senderIdOf(content),
            source: String(content.applicationProperty(PROPERTY.refusalSource)),
            region: location,
            reason: String(content.applicationProperty(PROPERTY.refusalReason)),
          })),
        ),
    );
  }

  ledger(): Ledger {
    const { azure, broker } = this.local;
    this.readProcessed();
    const regions = new Map(azure.namespaces.all().map(({ name, location }) => [name, location]));
    return ledgerOf({
      submissions: this.submissions.all(),
      processed: this.processedLog.records,
      instances: this.processedLog.instances,
      deadLetters: this.deadLetters(),
      refusedForGood: this.refusedForGood(),
      sources: [
        ...new Set(
          this.consumers().flatMap(({ app }) => consumerSources(app.settings).map((source) => sourceName(source))),
        ),
      ],
      paused: pausedIn(azure, this.primary.id),
      redeliveries: broker.redeliveries.map((redelivery) => ({
        ...redelivery,
        region: regions.get(redelivery.namespace) ?? "",
      })),
      disturbances: disturbancesOf(this.local, regions),
      destinations: this.destinations,
      stranded: this.strandedIds,
      primaryAway: this.primaryAway,
    });
  }

  /** Whether no namespace that is up has anything left to hand out or to be settled. */
  private isIdle(): boolean {
    const { azure, broker } = this.local;
    return azure.namespaces
      .all()
      .filter(({ id, name }) => !azure.isPassive(id) && broker.isUp(name))
      .every(({ name }) => this.left(name) === 0);
  }

  /** Every record of processing so far. */
  processed(): readonly Processed[] {
    return this.processedLog.read();
  }

  get processedCount(): number {
    this.readProcessed();
    return this.seen.size;
  }

  private readProcessed(): void {
    const records = this.processedLog.read();
    for (; this.readRecords < records.length; this.readRecords += 1) {
      const record = records[this.readRecords];
      if (record) this.seen.add(`${record.entity} ${record.messageId}`);
    }
  }

  /** A cheap look before a thorough one. */
  private mayBeDrained(exceptions: number): boolean {
    const expected = this.submissions
      .acceptedByEntity()
      .reduce(
        (sum, [entity, count]) => sum + count * this.destinations(entity).filter(({ certain }) => certain).length,
        0,
      );
    return (
      this.seen.size + this.deadLetters().length + this.refusedForGood().length + exceptions * LONGEST_FAN_OUT >=
      expected
    );
  }

  private nothingToSendTo(): UsageError {
    const paused = pausedIn(this.local.azure, this.primary.id);
    return new UsageError(
      `The topology has no queue or topic that a consumer takes from: there is nothing to send to.${paused.length === 0 ? "" : ` Paused: ${paused.join(", ")}.`}`,
    );
  }

  private consumers(): readonly RunningApp[] {
    return this.local.host.apps.filter(({ app }) => app.settings[PRODUCER_ENTITIES] === undefined);
  }

  private appIn(region: string, producer: boolean): RunningApp {
    const found = this.local.host.apps.find(
      ({ app }) => app.location === region && (app.settings[PRODUCER_ENTITIES] !== undefined) === producer,
    );
    if (!found) throw new UsageError(`The stacks have no ${producer ? "producer" : "consumer"} in ${region}.`);
    return found;
  }
}

/** A copy that a deferral made is the sender's message still. */
function senderIdOf(content: Content): string {
  return idsIn(content.applicationProperty(PROPERTY.ids)).messageId ?? content.messageId;
}
