import { type RandomGenerator, unsafeUniformIntDistribution, xoroshiro128plus } from "pure-rand";

/** Chance that comes out the same for the same seed. */
export class Random {
  private readonly generator: RandomGenerator;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed);
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return unsafeUniformIntDistribution(from, to, this.generator);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error("There is nothing to pick from.");
    return item;
  }
}
