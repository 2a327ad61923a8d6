/** What has to be done after something else. */
export interface Ordered {
  readonly name: string;
  readonly dependencies: readonly string[];
}

/**
 * Does a piece of work for each item, side by side as far as their order lets them; what is not among the items is taken as done. After a failure nothing
 * new is begun, and what runs is waited for.
 *
 * @param serially one after another
 * @throws the first failure
 */
export async function runInOrder<T extends Ordered>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  serially = false,
): Promise<void> {
  const names = new Set(items.map(({ name }) => name));
  const done = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  let waiting = [...items];
  while (waiting.length > 0 || running.size > 0) {
    const free =
      failures.length > 0
        ? []
        : waiting.filter(({ dependencies }) => dependencies.every((name) => !names.has(name) || done.has(name)));
    const begun = serially ? free.slice(0, running.size === 0 ? 1 : 0) : free;
    waiting = waiting.filter((item) => !begun.includes(item));
    for (const item of begun) {
      const run = work(item).then(
        () => {
          done.add(item.name);
          running.delete(item.name);
        },
        (error: unknown) => {
          failures.push(error);
          running.delete(item.name);
        },
      );
      running.set(item.name, run);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (failures.length > 0) throw failures[0];
}

/** The same items the other way round: what came first goes last. */
export function reversed<T extends Ordered>(items: readonly T[]): T[] {
  return [...items].reverse().map((item) => ({
    ...item,
    dependencies: items.filter(({ dependencies }) => dependencies.includes(item.name)).map(({ name }) => name),
  }));
}
