import { placed, repeated, stampsOf } from "../draft";
import type { Queue, Topic } from "../messaging-schema";
import type { Stamp } from "../schema";
import type { Rule } from "./rule";

type Sender = Stamp["access"]["senders"][number];

/** A role on an entity that nobody declares is an error at apply, and so is one that is assigned twice. */
export const sendersSendToEntities: Rule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const { at, it } = stamp;
    const senders = placed<Sender>(it.access?.senders, `${at}.access.senders`);
    const twice = [
      repeated(senders.map((sender) => ({ at: `${sender.at}.principalId`, value: sender.it.principalId }))),
      ...senders.map((sender) =>
        repeated(
          placed<string>(sender.it.entities, `${sender.at}.entities`).map(({ at, it: value }) => ({ at, value })),
        ),
      ),
    ]
      .flat()
      .map(({ at: path, value, first }) => ({
        path,
        got: `"${value}"`,
        expected: `another one than ${first}`,
        fix: "name all entities of an identity once, in one entry",
      }));
    if (("queues" in it && it.queues === undefined) || ("topics" in it && it.topics === undefined)) return twice;
    const names = new Set(
      [...placed<Queue>(it.queues, ""), ...placed<Topic>(it.topics, "")].map((entity) => entity.it.name?.toLowerCase()),
    );
    const unknown = senders.flatMap((sender) =>
      placed<string>(sender.it.entities, `${sender.at}.entities`)
        .filter((entity) => !names.has(entity.it.toLowerCase()))
        .map((entity) => ({
          path: entity.at,
          got: `"${entity.it}"`,
          expected: "a queue or topic of this stamp",
          fix: "declare it, or name one that is declared",
        })),
    );
    return [...twice, ...unknown];
  });
