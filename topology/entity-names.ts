import type { Draft, Placed } from "./draft";
import type { Queue, Topic } from "./messaging-schema";
import type { Mistake } from "./mistake";
import type { Stamp } from "./schema";

/** The names of a stamp's queues and topics, lower-case; nothing where one of them is broken: it might be the one that is looked for. */
export function entityNames({ it }: Pick<Placed<Stamp>, "it">): ReadonlySet<string> | undefined {
  const names = (["queues", "topics"] as const).flatMap((key) => {
    if (!(key in it)) return [];
    const entities: readonly (Draft<Queue> | Draft<Topic> | undefined)[] = it[key] ?? [undefined];
    return entities.map((entity) => entity?.name?.toLowerCase());
  });
  return names.includes(undefined) ? undefined : new Set(names.filter((name) => name !== undefined));
}

/** Those of these names that no entity has. */
export function unknownEntities(stamp: Placed<Stamp>, named: readonly Placed<string>[]): Mistake[] {
  const names = entityNames(stamp);
  return named
    .filter(({ it }) => names?.has(it.toLowerCase()) === false)
    .map(({ at, it }) => ({
      path: at,
      got: `"${it}"`,
      expected: "a queue or topic of this stamp",
      fix: "declare it, or name one that is declared",
    }));
}
