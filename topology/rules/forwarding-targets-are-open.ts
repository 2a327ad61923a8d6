import { placed, stampsOf } from "../draft";
import { forwardsOf } from "../forwarding";
import type { Queue, Topic } from "../messaging-schema";
import type { TopologyRule } from "./topology-rule";

/** What is forwarded to an entity that takes nothing ends in the source's transfer dead-letter queue, which has no reader. */
export const forwardingTargetsAreOpen: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const entities = [
      ...placed<Queue>(stamp.it.queues, `${stamp.at}.queues`),
      ...placed<Topic>(stamp.it.topics, `${stamp.at}.topics`),
    ];
    return forwardsOf(stamp).flatMap(({ path, to, target, source }) => {
      const entity = entities.find(({ it }) => it.name?.toLowerCase() === to);
      const status = entity?.it.status;
      // A source that is paused itself forwards nothing.
      if (!entity || source.status === "Disabled" || (status !== "Disabled" && status !== "SendDisabled")) return [];
      return [
        {
          path,
          got: `"${target}", and ${entity.at}.status is ${status}`,
          expected: "an entity that takes messages",
          fix: "pause the source too (status: Disabled), or forward elsewhere",
        },
      ];
    });
  });
