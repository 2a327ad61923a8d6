import { ServicebusQueue } from "@cdktf/provider-azurerm/lib/servicebus-queue";
import { ServicebusSubscription } from "@cdktf/provider-azurerm/lib/servicebus-subscription";
import { ServicebusSubscriptionRule } from "@cdktf/provider-azurerm/lib/servicebus-subscription-rule";
import { ServicebusTopic } from "@cdktf/provider-azurerm/lib/servicebus-topic";
import { dependable, type ITerraformDependable, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { Queue, Topic } from "../../topology/messaging-schema";
import type { StateAddresses } from "./state-addresses";

/** The id of what a scope is named for: cdktf leaves it out of logical ids. */
const OWN = "Default";

export interface EntitiesProps {
  /** The primary's: a pairing replicates from there, and refuses a secondary that is not empty. */
  readonly namespaceId: string;
  /** Whether the namespace has more than one messaging partition: then every entity is partitioned, and none otherwise. */
  readonly partitioned: boolean;
  readonly queues: readonly Queue[];
  readonly topics: readonly Topic[];
  readonly preventDestroy: boolean;
  /** The pairing and the endpoints. */
  readonly dependsOn: ITerraformDependable[];
  /** @default none: there is no pair that a failover could change */
  readonly addresses?: StateAddresses;
}

/**
 * Queues and topics with their subscriptions and rules, targets of forwarding before those that forward. A subscription's scope is its topic's, and
 * a rule's its subscription's: ids that joined names by a hyphen would be the same for `orders-eu`/`audit` and `orders`/`eu-audit`.
 */
export class Entities extends Construct {
  private readonly targets = new Map<string, TerraformResource>();
  /** Every queue and topic. */
  get all(): readonly TerraformResource[] {
    return [...this.targets.values()];
  }

  constructor(scope: Construct, id: string, props: EntitiesProps) {
    super(scope, id);
    const { namespaceId, partitioned, queues, topics, preventDestroy, dependsOn, addresses } = props;
    const shared = { namespaceId, partitioningEnabled: partitioned, lifecycle: { preventDestroy }, dependsOn };
    const subscriptions: ServicebusSubscription[] = [];
    for (const { subscriptions: ofTopic, ...topic } of topics) {
      const topicScope = new Construct(this, `topic-${topic.name}`);
      const created = new ServicebusTopic(topicScope, OWN, { ...shared, ...topic });
      const topicId = `${namespaceId}/topics/${topic.name}`;
      addresses?.place(created, topicId);
      this.targets.set(topic.name.toLowerCase(), created);
      for (const { rules, ...subscription } of ofTopic) {
        const subscriptionScope = new Construct(topicScope, `subscription-${subscription.name}`);
        const resource = new ServicebusSubscription(subscriptionScope, OWN, {
          topicId: created.id,
          lifecycle: { preventDestroy },
          ...subscription,
        });
        const subscriptionId = `${topicId}/subscriptions/${subscription.name}`;
        addresses?.place(resource, subscriptionId);
        subscriptions.push(resource);
        for (const rule of rules) {
          const created = new ServicebusSubscriptionRule(subscriptionScope, `rule-${rule.name}`, {
            subscriptionId: resource.id,
            filterType: rule.sqlFilter === undefined ? "CorrelationFilter" : "SqlFilter",
            ...rule,
          });
          addresses?.place(created, `${subscriptionId}/rules/${rule.name}`);
        }
      }
    }
    const forwarding = queues.map((queue) => {
      const resource = new ServicebusQueue(this, `queue-${queue.name}`, { ...shared, ...queue });
      addresses?.place(resource, `${namespaceId}/queues/${queue.name}`);
      this.targets.set(queue.name.toLowerCase(), resource);
      return resource;
    });
    for (const resource of [...forwarding, ...subscriptions]) this.orderBehindTargets(resource);
  }

  /** Names, not references, say where to forward; the order has to be said too. */
  private orderBehindTargets(resource: ServicebusQueue | ServicebusSubscription): void {
    const targets = [resource.forwardToInput, resource.forwardDeadLetteredMessagesToInput]
      .flatMap((name) => (name === undefined ? [] : [this.targets.get(name.toLowerCase())]))
      .filter((target) => target !== undefined);
    if (targets.length > 0) resource.dependsOn = [...(resource.dependsOn ?? []), ...targets.map(dependable)];
  }
}
