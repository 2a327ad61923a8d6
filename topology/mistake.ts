/** One thing wrong with a topology, told so that it can be mended without reading the source. */
export interface Mistake {
  /** Where, as in the file: `stamps[0].regions[1].hub.dnsSubnet`. */
  readonly path: string;
  readonly got: string;
  readonly expected: string;
  readonly fix: string;
}

/** What the user did wrong, in a message that needs no stack trace. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** A topology with mistakes in it. Its message lists all of them. */
export class TopologyError extends UsageError {
  override name = "TopologyError";

  constructor(
    readonly mistakes: readonly Mistake[],
    source: string,
  ) {
    const count = mistakes.length === 1 ? "1 mistake" : `${mistakes.length} mistakes`;
    super(
      [`${count} in ${source}. Nothing was written.`, ...mistakes.map((mistake) => `\n${describe(mistake)}`)].join(
        "\n",
      ),
    );
  }
}

function describe({ path, got, expected, fix }: Mistake): string {
  return [`  ${path}`, `    got       ${got}`, `    expected  ${expected}`, `    fix       ${fix}`].join("\n");
}

/** A path of keys and indices in the notation of TypeScript. */
export function pathOf(keys: readonly PropertyKey[]): string {
  return (
    keys.reduce<string>((path, key) => {
      if (typeof key === "number") return `${path}[${key}]`;
      const name = String(key);
      if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
      return path === "" ? name : `${path}.${name}`;
    }, "") || "(the topology itself)"
  );
}

/** A value as a reader would find it in the file, shortened. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "function" ? "a function" : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
