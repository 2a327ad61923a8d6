import type { Region, Stamp, Topology } from "./schema";

/** A topology of which anything may be missing: what rules look at, so that one mistake does not hide another. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> }
    : T;

/** A part of the draft and its path. */
export interface Placed<T> {
  readonly at: string;
  readonly it: Draft<T>;
}

/** The items of a list that are there, each with its path. */
export function placed<T>(items: readonly (Draft<T> | undefined)[] | undefined, at: string): Placed<T>[] {
  return (items ?? []).flatMap((it, index) => (it === undefined ? [] : [{ at: `${at}[${index}]`, it }]));
}

export function stampsOf(topology: Draft<Topology>): Placed<Stamp>[] {
  return placed<Stamp>(topology.stamps, "stamps");
}

export function regionsOf(stamp: Placed<Stamp>): Placed<Region>[] {
  return placed<Region>(stamp.it.regions, `${stamp.at}.regions`);
}

export function allRegions(topology: Draft<Topology>): Placed<Region>[] {
  return stampsOf(topology).flatMap(regionsOf);
}

/** A field's value, or its default where it is not given; nothing where it is wrong and has a mistake of its own. */
export function given<T extends object, Key extends keyof T>(
  of: T | undefined,
  key: Key,
  otherwise: NonNullable<T[Key]>,
): NonNullable<T[Key]> | undefined {
  if (!of || !(key in of)) return otherwise;
  return of[key] ?? undefined;
}

/** One value used in more than one place: yields every place after the first, with the first. */
export function repeated(
  values: readonly { at: string; value: string | undefined }[],
): { at: string; value: string; first: string }[] {
  const first = new Map<string, string>();
  return values.flatMap(({ at, value }) => {
    if (value === undefined) return [];
    const key = value.toLowerCase();
    const before = first.get(key);
    if (before !== undefined) return [{ at, value, first: before }];
    first.set(key, at);
    return [];
  });
}
