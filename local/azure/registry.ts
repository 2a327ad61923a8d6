/** Things of a kind by key; keys ignore case, as ARM ids do. */
export class Registry<T> {
  private readonly items = new Map<string, T>();

  constructor(
    private readonly keyOf: (item: T) => string,
    private readonly changed: () => void,
  ) {}

  put(item: T): void {
    this.items.set(this.keyOf(item).toLowerCase(), item);
    this.changed();
  }

  remove(key: string): void {
    if (this.items.delete(key.toLowerCase())) this.changed();
  }

  get(key: string): T | undefined {
    return this.items.get(key.toLowerCase());
  }

  all(): T[] {
    return [...this.items.values()];
  }
}
