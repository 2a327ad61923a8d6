import type { Azure } from "../azure/azure";
import type { RuleDefinition, SubscriptionDefinition } from "../azure/messaging";
import { rulesIn } from "../azure/rules";
import { ServiceBusFault } from "./errors";
import { ruleOf } from "./entities/topic";

const PATH = /^([^/]+)\/subscriptions\/([^/]+)$/i;

/** The rules of a namespace's subscriptions, as clients change them at run time. */
export class SubscriptionRules {
  constructor(
    private readonly azure: Azure,
    private readonly namespaceId: string,
  ) {}

  /** @param path `topic1/Subscriptions/subscription1` @throws ServiceBusFault where it is no subscription */
  list(path: string): readonly RuleDefinition[] {
    return rulesIn(this.subscription(path));
  }

  /** @throws ServiceBusFault where there is one of that name, or its SQL is not Service Bus' */
  add(path: string, rule: RuleDefinition): void {
    const rules = this.list(path);
    if (rules.some(({ name }) => name.toLowerCase() === rule.name.toLowerCase())) {
      throw new ServiceBusFault(
        "com.microsoft:entity-already-exists",
        `The messaging entity '${path}/Rules/${rule.name}' already exists.`,
      );
    }
    try {
      ruleOf(rule);
    } catch (error) {
      throw new ServiceBusFault("com.microsoft:argument-error", error instanceof Error ? error.message : String(error));
    }
    this.replace(path, [...rules, rule]);
  }

  /** @throws ServiceBusFault where there is none of that name */
  remove(path: string, name: string): void {
    const rules = this.list(path);
    const rest = rules.filter((rule) => rule.name.toLowerCase() !== name.toLowerCase());
    if (rest.length === rules.length) {
      throw new ServiceBusFault("amqp:not-found", `The messaging entity '${path}/Rules/${name}' could not be found.`);
    }
    this.replace(path, rest);
  }

  private subscription(path: string): SubscriptionDefinition {
    const [topicName, name] = namesIn(path);
    const found = this.azure
      .entitiesOf(this.namespaceId)
      .topics.find((topic) => topic.name.toLowerCase() === topicName)
      ?.subscriptions.find((subscription) => subscription.name.toLowerCase() === name);
    if (found) return found;
    throw new ServiceBusFault("amqp:not-found", `There is no subscription '${path}', and nothing else has rules.`);
  }

  private replace(path: string, rules: readonly RuleDefinition[]): void {
    const [topicName, name] = namesIn(path);
    const { queues, topics } = this.azure.entitiesOf(this.namespaceId);
    this.azure.declareEntities(this.namespaceId, {
      queues,
      topics: topics.map((topic) => ({
        ...topic,
        subscriptions: topic.subscriptions.map((subscription) =>
          topic.name.toLowerCase() === topicName && subscription.name.toLowerCase() === name
            ? { ...subscription, rules, lacksDefault: true }
            : subscription,
        ),
      })),
    });
  }
}

function namesIn(path: string): [topic: string, subscription: string] {
  const [, topic = "", subscription = ""] = PATH.exec(path) ?? [];
  return [topic.toLowerCase(), subscription.toLowerCase()];
}
