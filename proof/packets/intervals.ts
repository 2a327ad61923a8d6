/** A set of whole numbers, as disjoint intervals in ascending order. Addresses, ports and protocols are such sets. */
export class Intervals {
  static readonly none = new Intervals([]);

  /** @param pairs first and last number of each interval, ascending and apart from each other */
  private constructor(private readonly pairs: readonly (readonly [first: number, last: number])[]) {}

  static of(first: number, last: number = first): Intervals {
    return first > last ? Intervals.none : new Intervals([[first, last]]);
  }

  /** The union of many sets, sorted once. */
  static union(sets: readonly Intervals[]): Intervals {
    const [only, another] = sets;
    if (only && !another) return only;
    const all = sets.flatMap(({ pairs }) => pairs).sort((one, other) => one[0] - other[0]);
    const merged: [number, number][] = [];
    for (const [first, last] of all) {
      const before = merged.at(-1);
      if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
      else merged.push([first, last]);
    }
    return merged.length === 0 ? Intervals.none : new Intervals(merged);
  }

  get isEmpty(): boolean {
    return this.pairs.length === 0;
  }

  /** How many numbers are in it. */
  get size(): number {
    return this.pairs.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  /** The smallest number in it. @throws Error where it is empty */
  get first(): number {
    const [pair] = this.pairs;
    if (!pair) throw new Error("An empty set has no first number.");
    return pair[0];
  }

  get ranges(): readonly (readonly [first: number, last: number])[] {
    return this.pairs;
  }

  has(number: number): boolean {
    return this.pairs.some(([first, last]) => first <= number && number <= last);
  }

  and(other: Intervals): Intervals {
    if (other === this) return this;
    const both: [number, number][] = [];
    let [mine, theirs] = [0, 0];
    for (;;) {
      const [one, two] = [this.pairs[mine], other.pairs[theirs]];
      if (!one || !two) break;
      const [first, last] = [Math.max(one[0], two[0]), Math.min(one[1], two[1])];
      if (first <= last) both.push([first, last]);
      if (one[1] < two[1]) mine += 1;
      else theirs += 1;
    }
    return both.length === 0 ? Intervals.none : new Intervals(both);
  }

  minus(other: Intervals): Intervals {
    const left: [number, number][] = [];
    let at = 0;
    for (const [first, last] of this.pairs) {
      let from = first;
      while ((other.pairs[at]?.[1] ?? Infinity) < from) at += 1;
      for (let next = at; ; next += 1) {
        const cut = other.pairs[next];
        if (!cut || cut[0] > last) break;
        if (cut[0] > from) left.push([from, cut[0] - 1]);
        from = Math.max(from, cut[1] + 1);
      }
      if (from <= last) left.push([from, last]);
    }
    return left.length === 0 ? Intervals.none : new Intervals(left);
  }

  or(other: Intervals): Intervals {
    return Intervals.union([this, other]);
  }

  isWithin(other: Intervals): boolean {
    return this.minus(other).isEmpty;
  }

  equals(other: Intervals): boolean {
    return this.isWithin(other) && other.isWithin(this);
  }
}
