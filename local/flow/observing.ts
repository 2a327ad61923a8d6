import { consumerSources, REFUSED_QUEUE, sourceName } from "../../functions/consumer/sources";
import { idsIn, PROPERTY } from "../../functions/shared/message-properties";
import type { DeployedStamp } from "../azure/deployed-stamp";
import type { LocalAzure } from "../local-azure";
import type { Content } from "../service-bus/entities/content";
import type { MessageQueue } from "../service-bus/entities/queue";
import { type Destination, destinationsOf, dropsDuplicates, isAccountedFor, pausedIn } from "./destinations";
import { faultsOf } from "./faults";
import { type DeadLetter, type Ledger, ledgerOf, sourceOf } from "./ledger";
import { acceptedAt, type PostedMessages } from "./posted";
import { type Processed, ProcessedLog } from "./processed";
import type { StampApps } from "./stamp-apps";

/** A topic has at most that many subscriptions (learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas). */
const LONGEST_FAN_OUT = 2_000;

/** A queue or subscription that a consumer takes from. */
export interface Taken {
  /** As the consumer's log names it. */
  readonly source: string;
  readonly queue: MessageQueue;
  readonly requiresSession: boolean;
}

/** What can be seen of a stamp's messages: the records of processing, the queues, and what both say against what was posted. */
export class Observing {
  private readonly processedLog: ProcessedLog;
  private readonly seen = new Set<string>();
  private readRecords = 0;
  private strandedIds: readonly string[] = [];
  private primaryAway = false;

  constructor(
    private readonly local: LocalAzure,
    private readonly stamp: DeployedStamp,
    private readonly apps: StampApps,
    private readonly posted: PostedMessages,
  ) {
    this.processedLog = new ProcessedLog(apps.consumers());
  }

  /** Every record of processing so far. */
  processed(): readonly Processed[] {
    return this.processedLog.read();
  }

  get processedCount(): number {
    this.readProcessed();
    return this.seen.size;
  }

  /** How many messages of the primary consumers hold. */
  held(): number {
    return this.local.broker
      .entities(this.stamp.primary.name)
      .all()
      .reduce((sum, { counts }) => sum + counts.locked, 0);
  }

  /** How many messages wait or are held where a consumer takes from a namespace. */
  left(namespace: string): number {
    return this.taken(namespace).reduce((sum, { queue }) => sum + queue.counts.active, 0);
  }

  /** The queues and subscriptions that the consumers in a namespace's region take from. A namespace outside a pair may have none of them. */
  taken(namespace: string): Taken[] {
    const { broker } = this.local;
    const region = this.stamp.namespaces.find(({ name }) => name === namespace)?.location;
    if (region === undefined) return [];
    const queues = new Map(
      broker
        .entities(namespace)
        .all()
        .map((queue) => [queue.path.toLowerCase(), queue]),
    );
    const sources = this.apps.consumersIn(region).flatMap(({ app }) => consumerSources(app.settings));
    return sources.flatMap((source) => {
      const path = "queue" in source ? source.queue : `${source.topic}/Subscriptions/${source.subscription}`;
      const queue = queues.get(path.toLowerCase());
      return queue ? [{ source: sourceName(source), queue, requiresSession: source.requiresSession }] : [];
    });
  }

  /** Whether no namespace that is up has anything left to hand out or to be settled. */
  isIdle(): boolean {
    const { azure, broker } = this.local;
    return this.stamp.namespaces
      .filter(({ id, name }) => !azure.isPassive(id) && broker.isUp(name))
      .every(({ name }) => this.left(name) === 0);
  }

  /** Whether nothing is open but the exceptions: a cheap look first, then a thorough one. */
  isDrained(except: ReadonlySet<string>): boolean {
    this.readProcessed();
    return this.isIdle() && this.mayBeDrained(except.size) && this.openIds().every((id) => except.has(id));
  }

  /** Ids that were accepted and are neither processed nor dead-lettered. */
  openIds(): string[] {
    this.readProcessed();
    const dead = new Set(
      [...this.deadLetters(), ...this.refusedForGood()].map(({ messageId, source }) => `${source} ${messageId}`),
    );
    return this.posted
      .all()
      .filter((message) => acceptedAt(message) !== undefined)
      .filter(({ id, entity }) =>
        this.destinations(entity).some(
          (destination) =>
            destination.certain &&
            !isAccountedFor(destination, (source) => this.seen.has(`${source} ${id}`) || dead.has(`${source} ${id}`)),
        ),
      )
      .map(({ id }) => id);
  }

  /** Notes what is processed nowhere and is in the primary, while no consumer can receive from it. */
  noteStranded(): readonly string[] {
    const inPrimary = new Set(
      this.local.broker
        .entities(this.stamp.primary.name)
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
    return this.lettersIn(
      (path) => path.endsWith("/$DeadLetterQueue") && !path.includes("$Transfer"),
      (content, path) => ({
        source: sourceOf(path.replace("/$DeadLetterQueue", "")),
        reason: String(content.applicationProperty("DeadLetterReason")),
      }),
    );
  }

  /** What process() set aside, in the queue of refused messages. */
  refusedForGood(): DeadLetter[] {
    const [setting] = this.apps.consumers().flatMap(({ app }) => app.settings[REFUSED_QUEUE] ?? []);
    if (setting === undefined) return [];
    return this.lettersIn(
      (path) => path.toLowerCase() === setting.toLowerCase(),
      (content) => ({
        source: String(content.applicationProperty(PROPERTY.refusalSource)),
        reason: String(content.applicationProperty(PROPERTY.refusalReason)),
      }),
    );
  }

  ledger(): Ledger {
    const { azure, broker } = this.local;
    this.readProcessed();
    const regions = new Map(this.stamp.namespaces.map(({ name, location }) => [name, location]));
    return ledgerOf({
      posted: this.posted.all(),
      processed: this.processedLog.records,
      instances: this.processedLog.instances,
      deadLetters: this.deadLetters(),
      refusedForGood: this.refusedForGood(),
      sources: [...new Set(this.apps.consumers().flatMap(({ app }) => consumerSources(app.settings).map(sourceName)))],
      paused: pausedIn(azure, this.stamp.primary.id),
      redeliveries: broker.redeliveries.flatMap((redelivery) => {
        const region = regions.get(redelivery.namespace);
        return region === undefined ? [] : [{ ...redelivery, region }];
      }),
      faults: faultsOf(this.local, this.stamp),
      destinations: (entity) => this.destinations(entity),
      dropsDuplicates: (entity) => dropsDuplicates(azure, this.stamp.primary.id, entity),
      stranded: this.strandedIds,
      primaryAway: this.primaryAway,
    });
  }

  /** Where the messages of an entity are processed. */
  destinations(entity: string): readonly Destination[] {
    return destinationsOf(this.local.azure, this.stamp.primary.id, entity);
  }

  /** The messages in every queue of the stamp that is meant. */
  private lettersIn(
    isMeant: (path: string) => boolean,
    why: (content: Content, path: string) => Pick<DeadLetter, "source" | "reason">,
  ): DeadLetter[] {
    return this.stamp.namespaces.flatMap(({ name, location: region }) =>
      this.local.broker
        .entities(name)
        .all()
        .filter(({ path }) => isMeant(path))
        .flatMap((queue) =>
          queue
            .peek(0, Infinity)
            .map(({ content }) => ({ messageId: senderIdOf(content), region, ...why(content, queue.path) })),
        ),
    );
  }

  private readProcessed(): void {
    const records = this.processedLog.read();
    for (; this.readRecords < records.length; this.readRecords += 1) {
      const record = records[this.readRecords];
      if (record) this.seen.add(`${record.entity} ${record.messageId}`);
    }
  }

  private mayBeDrained(exceptions: number): boolean {
    const expected = this.posted
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
}

/** A copy that a deferral made is the sender's message still. */
function senderIdOf(content: Content): string {
  return idsIn(content.applicationProperty(PROPERTY.ids)).messageId ?? content.messageId;
}
