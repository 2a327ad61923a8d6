import { isPromise, type Mistake, pathOf, shown } from "./mistake";

/** A promise or a function where a topology has data, and its keys and indices. */
export interface NoData {
  readonly keys: readonly PropertyKey[];
  readonly value: unknown;
}

/**
 * Every promise and function within a value. It has none of the keys that belong there: each of them would be a mistake, and none would name the cause.
 *
 * @param above the objects around the value: an object that contains itself ends there
 */
export function whatIsNoData(
  value: unknown,
  keys: readonly PropertyKey[] = [],
  above: readonly unknown[] = [],
): NoData[] {
  if (typeof value === "function" || isPromise(value)) return [{ keys, value }];
  if (typeof value !== "object" || value === null || above.includes(value)) return [];
  const within = [...above, value];
  return Object.entries(value).flatMap(([key, part]) =>
    whatIsNoData(part, [...keys, Array.isArray(value) ? Number(key) : key], within),
  );
}

export function noDataMistake({ keys, value }: NoData): Mistake {
  const isFunction = typeof value === "function";
  return {
    path: pathOf(keys),
    got: shown(value),
    expected: keys.length === 0 ? "an object" : "a value",
    fix: isFunction
      ? "write what the function returns: call it there"
      : "write the value itself: the topology is read without waiting",
  };
}
