import type { SqlFilter } from "./sql";
import { type MessageView, type PropertyReference, systemProperty, type Value } from "./values";

/** More assignments than this are not tried: nothing is said of the filter then. */
const MOST_TRIED = 20_000;

/**
 * Whether a filter asks a property for a value that it never has: with such a value the filter would take a message that it does not take with any the property can have.
 * Found by trying the values that the filter itself names.
 *
 * @param isPossible whether a message may have the value there
 */
export function asksInVain(
  filter: SqlFilter,
  asked: PropertyReference,
  isPossible: (value: Value) => boolean,
  always: readonly Value[] = [],
): boolean {
  const key = keyOf(asked);
  const others = [...new Map(filter.reads.map((read) => [keyOf(read), read]))].filter(([other]) => other !== key);
  const values = [...candidates(filter, asked), ...always];
  const [possible, impossible] = [values.filter(isPossible), values.filter((value) => !isPossible(value))];
  const tried = others.map(([name, read]) => ({ name, values: candidates(filter, read) }));
  if (tried.reduce((product, { values: { length } }) => product * length, values.length) > MOST_TRIED) return false;
  for (const assignment of assignments(tried)) {
    const takes = (value: Value) => matches(filter, new Map([...assignment, [key, value]]));
    if (impossible.some(takes) && !possible.some(takes)) return true;
  }
  return false;
}

/** A property's values that can make a difference: none, those that the filter names, and one that it does not. */
function candidates({ constants }: SqlFilter, { scope }: PropertyReference): Value[] {
  const texts = constants.flatMap((constant) =>
    typeof constant === "string" ? [constant, constant.replaceAll("%", "").replaceAll("_", "a")] : [],
  );
  const numbers = constants.flatMap((constant) =>
    typeof constant === "number" ? [constant, constant + 1, constant - 1] : [],
  );
  const own: Value[] = scope === "sys" ? [] : [true, false, ...numbers];
  return [...new Set<Value>([null, "none of them", ...texts, ...own])];
}

function* assignments(
  properties: readonly { readonly name: string; readonly values: readonly Value[] }[],
): Generator<ReadonlyMap<string, Value>> {
  const [first, ...rest] = properties;
  if (!first) {
    yield new Map();
    return;
  }
  for (const others of assignments(rest)) {
    for (const value of first.values) yield new Map([...others, [first.name, value]]);
  }
}

function matches(filter: SqlFilter, values: ReadonlyMap<string, Value>): boolean {
  const view: MessageView = {
    property: (name) => {
      const value = values.get(`sys.${name}`);
      return typeof value === "string" ? value : undefined;
    },
    applicationProperty: (name) => values.get(`user.${name.toLowerCase()}`) ?? undefined,
  };
  try {
    return filter.matches(view);
  } catch {
    // It cannot be evaluated for such a message, and takes none.
    return false;
  }
}

function keyOf({ scope, name }: PropertyReference): string {
  return scope === "sys" ? `sys.${systemProperty(name) ?? name}` : `user.${name.toLowerCase()}`;
}
