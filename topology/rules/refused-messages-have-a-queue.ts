import { placed, stampsOf } from "../draft";
import { entityNames } from "../entity-names";
import type { Queue } from "../messaging-schema";
import type { TopologyRule } from "./topology-rule";

/** Refused messages must stay there, in their order, until a person looks at them. */
export const refusedMessagesHaveAQueue: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const { at, it } = stamp;
    const name = it.refusedMessages;
    if (name === undefined) return [];
    const queue = placed<Queue>(it.queues, `${at}.queues`).find(
      (each) => each.it.name?.toLowerCase() === name.toLowerCase(),
    );
    if (!queue && !entityNames(stamp)) return [];
    const wrong = !queue
      ? "no queue of this stamp"
      : queue.it.requiresSession === true
        ? "a queue with sessions"
        : queue.it.forwardTo !== undefined
          ? "a queue that forwards"
          : queue.it.status === "Disabled" || queue.it.status === "SendDisabled"
            ? "a queue that takes nothing"
            : undefined;
    if (wrong === undefined) return [];
    return [
      {
        path: `${at}.refusedMessages`,
        got: `"${name}": ${wrong}`,
        expected: "a queue of this stamp that takes messages, without sessions and without forwardTo",
        fix: "declare such a queue, or leave refusedMessages out",
      },
    ];
  });
