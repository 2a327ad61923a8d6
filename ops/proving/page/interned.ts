/** A list in which each value is once. */
export class Interned<T> {
  private readonly indexes = new Map<string, number>();
  readonly values: T[] = [];

  /** @param key what makes two values the same */
  constructor(private readonly key: (value: T) => string) {}

  indexOf(value: T): number {
    const key = this.key(value);
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    this.indexes.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}
