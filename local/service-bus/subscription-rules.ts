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
    demandReadable(rule);
    this.put(path, [...rules, rule]);
  }

  /** @param names of the rules whose place it takes; none: of all @throws ServiceBusFault where one is not there, or its SQL is not Service Bus'; then nothing is changed */
  replace(path: string, rule: RuleDefinition, names?: readonly string[]): void {
    const rules = this.list(path);
    for (const name of names ?? []) {
      if (!rules.some((each) => sameName(each.name, name))) throw notFound(path, name);
    }
    demandReadable(rule);
    const rest = names ? rules.filter((each) => !names.some((name) => sameName(each.name, name))) : [];
    this.put(path, [...rest, rule]);
  }

  /** @throws ServiceBusFault where there is none of that name */
  remove(path: string, name: string): void {
    const rules = this.list(path);
    const rest = rules.filter((rule) => rule.name.toLowerCase() !== name.toLowerCase());
    if (rest.length === rules.length) throw notFound(path, name);
    this.put(path, rest);
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

  private put(path: string, rules: readonly RuleDefinition[]): void {
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

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function notFound(path: string, name: string): ServiceBusFault {
  return new ServiceBusFault("amqp:not-found", `The messaging entity '${path}/Rules/${name}' could not be found.`);
}

/** @throws ServiceBusFault */
export function demandReadable(rule: RuleDefinition): void {
  try {
    ruleOf(rule);
  } catch (error) {
    throw new ServiceBusFault("com.microsoft:argument-error", error instanceof Error ? error.message : String(error));
  }
}

function namesIn(path: string): [topic: string, subscription: string] {
  const [, topic = "", subscription = ""] = PATH.exec(path) ?? [];
  return [topic.toLowerCase(), subscription.toLowerCase()];
}
