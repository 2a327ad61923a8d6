import { placed, stampsOf } from "../draft";
import { forwardsOf } from "../forwarding";
import type { Queue, Topic } from "../messaging-schema";
import type { Rule } from "./rule";

export const forwardingEndsAtAnEntity: Rule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    // A list that is broken as a whole has its own mistake, and names nothing here.
    if (["queues", "topics"].some((key) => key in stamp.it && stamp.it[key as "queues" | "topics"] === undefined))
      return [];
    const entities = [...placed<Queue>(stamp.it.queues, ""), ...placed<Topic>(stamp.it.topics, "")];
    const names = new Set(entities.flatMap(({ it }) => (it.name === undefined ? [] : [it.name.toLowerCase()])));
    return forwardsOf(stamp)
      .filter(({ from, to }) => !names.has(to) || to === from)
      .map(({ path, target }) => ({
        path,
        got: `"${target}"`,
        expected: "another queue or topic of this stamp",
        fix: "declare the target, or name one that is declared",
      }));
  });
