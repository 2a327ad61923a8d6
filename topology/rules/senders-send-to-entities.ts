import { placed, stampsOf } from "../draft";
import type { Queue, Topic } from "../messaging-schema";
import type { Stamp } from "../schema";
import type { Rule } from "./rule";

type Sender = Stamp["access"]["senders"][number];

/** A role on an entity that nobody declares is an error at apply. */
export const sendersSendToEntities: Rule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const { at, it } = stamp;
    if (("queues" in it && it.queues === undefined) || ("topics" in it && it.topics === undefined)) return [];
    const names = new Set(
      [...placed<Queue>(it.queues, ""), ...placed<Topic>(it.topics, "")].map((entity) => entity.it.name?.toLowerCase()),
    );
    return placed<Sender>(it.access?.senders, `${at}.access.senders`).flatMap((sender) =>
      placed<string>(sender.it.entities, `${sender.at}.entities`)
        .filter((entity) => !names.has(entity.it.toLowerCase()))
        .map((entity) => ({
          path: entity.at,
          got: `"${entity.it}"`,
          expected: "a queue or topic of this stamp",
          fix: "declare it, or name one that is declared",
        })),
    );
  });
