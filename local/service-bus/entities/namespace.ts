import type { EntityDefinitions, QueueSettings, SubscriptionDefinition, TopicDefinition } from "../../azure/messaging";
import { ServiceBusFault } from "../errors";
import type { Content } from "./content";
import { demandLimits } from "./limits";
import type { DeadLetterMove, History } from "./history";
import { MessageQueue, type ServedSettings } from "./queue";
import type { RedeliveryCause } from "./redelivery";
import { rulesOf, type Subscription, Topic } from "./topic";

/** What Service Bus allows between a sender and where a message comes to rest. */
const MOST_HOPS = 4;

const DEAD_LETTERS = "$DeadLetterQueue";
const TRANSFER_DEAD_LETTERS = "$Transfer/$DeadLetterQueue";
/** A queue's name may have slashes too. */
const SUBSCRIPTION = /\/subscriptions\/[^/]+$/i;
const SUB_QUEUE = /(\/\$transfer)?\/\$deadletterqueue$/;

/** A message that became deliverable once more, and why. */
export interface Redelivery {
  readonly namespace: string;
  readonly entity: string;
  readonly messageId: string;
  readonly cause: RedeliveryCause;
  /** In milliseconds since the epoch. */
  readonly at: number;
}

/** A namespace's entities with the messages in them. */
export class NamespaceEntities {
  private readonly queues = new Map<string, MessageQueue>();
  private readonly topics = new Map<string, Topic>();

  constructor(
    readonly name: string,
    private readonly redelivered: (redelivery: Redelivery) => void,
  ) {}

  /** Creates what is declared and not there yet, takes over changed settings, and deletes what is no longer declared. */
  reconcile({ queues, topics }: EntityDefinitions): void {
    const declared = new Set([
      ...queues.map(({ name }) => name.toLowerCase()),
      ...topics.flatMap(({ name, subscriptions }) =>
        subscriptions.map((subscription) => subscriptionPath(name, subscription.name).toLowerCase()),
      ),
    ]);
    for (const [path, queue] of this.queues) {
      if (declared.has(path.replace(SUB_QUEUE, ""))) continue;
      this.queues.delete(path);
      queue.close();
    }
    const names = new Set(topics.map(({ name }) => name.toLowerCase()));
    for (const name of this.topics.keys()) if (!names.has(name)) this.topics.delete(name);
    for (const queue of queues) this.followQueue(queue.name, queue);
    for (const topic of topics) {
      const subscriptions = topic.subscriptions.map((subscription) => this.followSubscription(topic, subscription));
      const known = this.topics.get(topic.name.toLowerCase());
      if (known) known.reconcile(topic, subscriptions);
      else this.topics.set(topic.name.toLowerCase(), new Topic(topic, subscriptions));
    }
  }

  /**
   * A queue, a subscription or a sub-queue by the path a receiver names.
   *
   * @throws ServiceBusFault
   */
  receivable(path: string): MessageQueue {
    const queue = this.queues.get(path.toLowerCase());
    if (!queue) throw this.notFound(path);
    const { status } = queue.settings;
    if (status === "Disabled" || status === "ReceiveDisabled") {
      throw new ServiceBusFault("com.microsoft:entity-disabled", `Messaging entity '${path}' is currently disabled.`);
    }
    if (queue.forwards) {
      throw new ServiceBusFault(
        "amqp:not-allowed",
        "Cannot create a message receiver on an entity with auto-forwarding enabled.",
      );
    }
    return queue;
  }

  /** Whether there is a queue, a topic, a subscription or a sub-queue of that path. */
  has(path: string): boolean {
    return this.queues.has(path.toLowerCase()) || this.topics.has(path.toLowerCase());
  }

  /** The limits of an entity that can be sent to. @throws ServiceBusFault */
  sendable(path: string): { readonly maxMessageBytes: number } {
    const entity = this.entity(path);
    entity.check([]);
    return entity.settings;
  }

  /**
   * Enqueues all or nothing.
   *
   * @returns the sequence numbers of those that are scheduled
   * @throws ServiceBusFault
   */
  send(path: string, contents: readonly Content[]): number[] {
    const entity = this.check(path, contents);
    return contents.flatMap((content) => {
      const sequence = entity instanceof Topic ? entity.publish(content) : entity.enqueue(content);
      return sequence === undefined ? [] : [sequence];
    });
  }

  /** Whether an entity takes all of them. @throws ServiceBusFault where it does not */
  check(path: string, contents: readonly Content[]): MessageQueue | Topic {
    const entity = this.entity(path);
    const tooLarge = contents.find(({ size }) => size > entity.settings.maxMessageBytes);
    if (tooLarge) {
      throw new ServiceBusFault(
        "amqp:link:message-size-exceeded",
        `The received message (delivery-id:0, size:${tooLarge.size} bytes) exceeds the limit (${entity.settings.maxMessageBytes} bytes) currently allowed on the link.`,
      );
    }
    for (const content of contents) demandLimits(content);
    entity.check(contents);
    return entity;
  }

  /** @throws ServiceBusFault where one is no longer scheduled */
  demandScheduled(path: string, sequences: readonly number[]): void {
    this.entity(path).demandScheduled(sequences);
  }

  isScheduled(path: string, sequence: number): boolean {
    return this.entity(path).isScheduled(sequence);
  }

  cancelScheduled(path: string, sequences: readonly number[]): void {
    this.entity(path).cancelScheduled(sequences);
  }

  /** Every queue, subscription and sub-queue. */
  all(): MessageQueue[] {
    return [...this.queues.values()];
  }

  topic(name: string): Topic | undefined {
    return this.topics.get(name.toLowerCase());
  }

  private entity(path: string): MessageQueue | Topic {
    const key = path.toLowerCase();
    const entity = this.topics.get(key) ?? (key.includes("/") ? undefined : this.queues.get(key));
    if (!entity) throw this.notFound(path);
    return entity;
  }

  private followQueue(path: string, settings: QueueSettings): MessageQueue {
    // A sub-queue takes every message, without a session, and forwards nothing.
    const resting: QueueSettings = {
      ...settings,
      status: settings.status === "Disabled" ? "Disabled" : "Active",
      maxSizeBytes: Infinity,
      duplicateWindowMs: undefined,
      requiresSession: false,
      forwardTo: undefined,
    };
    this.put(`${path}/${TRANSFER_DEAD_LETTERS}`, resting);
    const dead = this.put(`${path}/${DEAD_LETTERS}`, {
      ...resting,
      isPassedOn: settings.forwardDeadLetteredTo !== undefined,
    });
    const isSubscription = SUBSCRIPTION.test(path);
    return this.put(path, settings, (content, { failedDeliveries, hops, sequence }) => {
      const target = this.queues.get(path.toLowerCase())?.settings.forwardDeadLetteredTo;
      // A subscription's dead letter keeps its number there, a queue's does not.
      const firstSequence = isSubscription ? sequence : undefined;
      if (target === undefined) dead.enqueue(content, { failedDeliveries, firstSequence });
      else this.forward(target, content, path, { hops, deadLetterSource: path, firstSequence });
    });
  }

  private followSubscription(topic: TopicDefinition, definition: SubscriptionDefinition): Subscription {
    const queue = this.followQueue(subscriptionPath(topic.name, definition.name), {
      ...definition,
      // The shorter of the two is a message's.
      timeToLiveMs: Math.min(topic.timeToLiveMs, definition.timeToLiveMs),
    });
    return {
      queue,
      rules: rulesOf(definition),
      ...(definition.deadLetterOnFilterError
        ? {
            failed: (content, description) => {
              queue.deadLetterUnqueued(content, "FilterEvaluationException", description);
            },
          }
        : {}),
    };
  }

  /** @param moveToDeadLetters none: it is a sub-queue */
  private put(path: string, settings: ServedSettings, moveToDeadLetters?: DeadLetterMove): MessageQueue {
    const known = this.queues.get(path.toLowerCase());
    if (known) {
      if (JSON.stringify(settings) !== JSON.stringify(known.settings)) known.times.changed();
      known.settings = settings;
      return known;
    }
    const queue = new MessageQueue({
      path,
      settings,
      surroundings: {
        forward: (target, content, source, history) => {
          this.forward(target, content, source, history);
        },
        redelivered: (entity, messageId, cause) => {
          this.redelivered({ namespace: this.name, entity, messageId, cause, at: Date.now() });
        },
      },
      moveToDeadLetters,
    });
    this.queues.set(path.toLowerCase(), queue);
    return queue;
  }

  /**
   * What cannot be forwarded goes to its source's transfer dead-letter queue.
   *
   * @param history what was before it is forwarded once more
   */
  private forward(target: string, content: Content, source: string, history: History): void {
    const hops = (history.hops ?? 0) + 1;
    try {
      if (hops > MOST_HOPS) {
        throw new ServiceBusFault("amqp:not-allowed", `A message is forwarded ${MOST_HOPS} times at most.`);
      }
      const entity = this.entity(target);
      entity.check([content]);
      if (entity instanceof Topic) entity.publish(content, { ...history, hops });
      else entity.enqueue(content, { ...history, hops });
    } catch (error) {
      if (!(error instanceof ServiceBusFault)) throw error;
      this.queues.get(`${source}/${TRANSFER_DEAD_LETTERS}`.toLowerCase())?.enqueue(content);
    }
  }

  private notFound(path: string): ServiceBusFault {
    return new ServiceBusFault(
      "amqp:not-found",
      `The messaging entity 'sb://${this.name}.servicebus.windows.net/${path}' could not be found.`,
    );
  }
}

function subscriptionPath(topic: string, subscription: string): string {
  return `${topic}/Subscriptions/${subscription}`;
}
