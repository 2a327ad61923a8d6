import { placed, repeated, stampsOf } from "../draft";
import type { Queue, Topic } from "../messaging-schema";
import type { Mistake } from "../mistake";
import type { Rule } from "./rule";

/** A rule on an entity that is not there never fires. */
export const scaleOutEntitiesExist: Rule = (topology) =>
  stampsOf(topology).flatMap(({ at, it }) => {
    if (("queues" in it && it.queues === undefined) || ("topics" in it && it.topics === undefined)) return [];
    const names = new Set(
      [...placed<Queue>(it.queues, ""), ...placed<Topic>(it.topics, "")].map((entity) => entity.it.name?.toLowerCase()),
    );
    const entities = placed<string>(it.plan?.scaleOutEntities, `${at}.plan.scaleOutEntities`);
    const unknown = entities
      .filter((entity) => !names.has(entity.it.toLowerCase()))
      .map(({ at: path, it: name }): Mistake => ({
        path,
        got: `"${name}"`,
        expected: "a queue or topic of this stamp",
        fix: "declare it, or name one that is declared",
      }));
    const twice = repeated(entities.map((entity) => ({ at: entity.at, value: entity.it }))).map(
      ({ at: path, value, first }): Mistake => ({
        path,
        got: `"${value}"`,
        expected: `another entity than ${first}`,
        fix: "name it once",
      }),
    );
    return [...unknown, ...twice];
  });
