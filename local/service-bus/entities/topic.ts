import type { RuleDefinition, SubscriptionDefinition, TopicDefinition } from "../../azure/messaging";
import { rulesIn } from "../../azure/rules";
import { ServiceBusFault } from "../errors";
import { correlationFilter } from "../filters/correlation";
import { withParameters } from "../filters/parameters";
import { type Action, type Filter, sqlAction, sqlFilter } from "../filters/sql";
import type { Content } from "./content";
import { DuplicateHistory } from "./duplicates";
import { later } from "./message";
import type { History } from "./history";
import type { MessageQueue } from "./queue";
import { EntityTimes } from "./times";

interface Rule {
  readonly filter: Filter;
  readonly action?: Action;
}

/** A subscription: the rules that choose, and the queue that keeps. */
export interface Subscription {
  readonly queue: MessageQueue;
  readonly rules: readonly Rule[];
  /** Takes what a filter failed on; none: it is dropped for this subscription. */
  readonly failed?: (content: Content, description: string) => void;
}

/** A topic gives each of its subscriptions a copy of what its rules let through. */
export class Topic {
  private readonly duplicates?: DuplicateHistory;
  private readonly scheduled = new Map<number, Content>();
  readonly times = new EntityTimes();
  private lastSequence = 0;

  constructor(
    public settings: TopicDefinition,
    private subscriptions: readonly Subscription[],
  ) {
    if (settings.duplicateWindowMs !== undefined) this.duplicates = new DuplicateHistory(settings.duplicateWindowMs);
  }

  /** Takes over what has changed; what is scheduled stays. */
  reconcile(settings: TopicDefinition, subscriptions: readonly Subscription[]): void {
    if (JSON.stringify(settings) !== JSON.stringify(this.settings)) this.times.changed();
    this.settings = settings;
    this.subscriptions = subscriptions;
  }

  /** @throws ServiceBusFault */
  check(contents: readonly Content[]): void {
    const { name, status } = this.settings;
    if (status === "Disabled" || status === "SendDisabled") {
      throw new ServiceBusFault("com.microsoft:entity-disabled", `Messaging entity '${name}' is currently disabled.`);
    }
    for (const { queue } of this.subscriptions) {
      // A subscription that takes nothing does not keep the others from it; only its own quota stops a sender.
      if (queue.settings.status === "Active" && !queue.settings.requiresSession) queue.check(contents);
    }
  }

  /** @returns the sequence number where it is scheduled */
  publish(content: Content, history: History = {}): number | undefined {
    const due = content.scheduledFor;
    this.times.touch();
    this.lastSequence += 1;
    const sequence = this.lastSequence;
    // Who schedules a duplicate gets a number all the same.
    if (this.duplicates?.admit(content.messageId) === false) return due === undefined ? undefined : sequence;
    const { hops = 0, firstSequence = sequence } = history;
    if (due === undefined || due <= Date.now()) {
      this.spread(content, { hops, firstSequence });
      return undefined;
    }
    this.scheduled.set(sequence, content);
    later(due, () => {
      if (!this.scheduled.delete(sequence)) return;
      // It is enqueued only now, and numbered anew.
      this.lastSequence += 1;
      this.spread(content, { hops, firstSequence: history.firstSequence ?? this.lastSequence, wasScheduled: true });
    });
    return sequence;
  }

  /** When it was sent to, or a subscription of it received from. In milliseconds since the epoch; none: never yet. */
  get accessedAt(): number | undefined {
    const used = [this.times, ...this.subscriptions.map(({ queue }) => queue.times)].flatMap(
      ({ usedAt }) => usedAt ?? [],
    );
    return used.length === 0 ? undefined : Math.max(...used);
  }

  /** Of what waits for its time, and of its subscriptions' messages. */
  get sizeInBytes(): number {
    const waiting = [...this.scheduled.values()].reduce((sum, { size }) => sum + size, 0);
    return this.subscriptions.reduce((sum, { queue }) => sum + queue.sizeInBytes, waiting);
  }

  /** Messages that wait for their time: no subscription has them yet. */
  get scheduledCount(): number {
    return this.scheduled.size;
  }

  /** @throws ServiceBusFault where one is no longer scheduled */
  demandScheduled(sequences: readonly number[]): void {
    if (sequences.every((sequence) => this.isScheduled(sequence))) return;
    throw new ServiceBusFault("com.microsoft:message-not-found", "A message is not scheduled, or not any more.");
  }

  isScheduled(sequence: number): boolean {
    return this.scheduled.has(sequence);
  }

  cancelScheduled(sequences: readonly number[]): void {
    this.demandScheduled(sequences);
    for (const sequence of sequences) this.scheduled.delete(sequence);
  }

  private spread(content: Content, history: History): void {
    for (const subscription of this.subscriptions) {
      const { queue } = subscription;
      if (queue.settings.status === "Disabled") continue;
      for (const copy of copiesFor(subscription, content)) {
        // Without a session id it cannot be kept in order, and Service Bus drops it for this subscription.
        if (!queue.settings.requiresSession || copy.sessionId !== undefined) queue.enqueue(copy, history);
      }
    }
  }
}

/** One copy for all rules without an action, and one for each that has one. */
function copiesFor({ rules, failed }: Subscription, content: Content): Content[] {
  try {
    const matching = rules.filter(({ filter }) => filter(content));
    const plain = matching.some(({ action }) => !action) ? [content] : [];
    return [...plain, ...matching.flatMap(({ action }) => (action ? [action(content)] : []))];
  } catch (error) {
    failed?.(content, error instanceof Error ? error.message : String(error));
    return [];
  }
}

/** @throws SqlError where a filter or an action is not SQL as Service Bus takes it */
export function rulesOf(subscription: SubscriptionDefinition): Rule[] {
  return rulesIn(subscription).map(ruleOf);
}

/** @throws Error where its SQL is not as Service Bus takes it */
export function ruleOf(rule: RuleDefinition): Rule {
  const { sqlFilter: sql, correlationFilter: correlation, action, filterParameters, actionParameters } = rule;
  return {
    filter:
      sql !== undefined
        ? sqlFilter(withParameters(sql, filterParameters))
        : correlation
          ? correlationFilter(correlation)
          : () => true,
    ...(action === undefined ? {} : { action: sqlAction(withParameters(action, actionParameters)) }),
  };
}
