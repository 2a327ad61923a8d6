import type { Stamp, Topology } from "./schema";

/**
 * The topology with every entity named as it is declared. Service Bus' names ignore case, but what compares texts does not: a metric's dimension, a plan of Terraform
 * against what Azure returns.
 */
export function withDeclaredNames(topology: Topology): Topology {
  return { ...topology, stamps: topology.stamps.map(inStamp) };
}

function inStamp(stamp: Stamp): Stamp {
  const { queues, topics, access, plan, refusedMessages } = stamp;
  const declared = new Map([...queues, ...topics].map(({ name }) => [name.toLowerCase(), name]));
  const spelt = (name: string) => declared.get(name.toLowerCase()) ?? name;
  const forwarding = <Entity extends Forwarding>(entity: Entity): Entity => ({
    ...entity,
    ...(entity.forwardTo === undefined ? {} : { forwardTo: spelt(entity.forwardTo) }),
    ...(entity.forwardDeadLetteredMessagesTo === undefined
      ? {}
      : { forwardDeadLetteredMessagesTo: spelt(entity.forwardDeadLetteredMessagesTo) }),
  });
  return {
    ...stamp,
    queues: queues.map(forwarding),
    topics: topics.map((topic) => ({ ...topic, subscriptions: topic.subscriptions.map(forwarding) })),
    access: {
      ...access,
      senders: access.senders.map((sender) => ({ ...sender, entities: sender.entities.map(spelt) })),
      operators: {
        ...access.operators,
        principals: access.operators.principals.map(({ entities, ...principal }) => ({
          ...principal,
          ...(entities === undefined ? {} : { entities: entities.map(spelt) }),
        })),
      },
    },
    plan: { ...plan, scaleOutEntities: plan.scaleOutEntities.map(spelt) },
    ...(refusedMessages === undefined ? {} : { refusedMessages: spelt(refusedMessages) }),
  };
}

interface Forwarding {
  readonly forwardTo?: string | undefined;
  readonly forwardDeadLetteredMessagesTo?: string | undefined;
}
