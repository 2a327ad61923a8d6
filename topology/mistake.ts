import { Failure } from "../failure";

/** One mistake in a topology, with what a user needs to correct it without reading the source. */
export interface Mistake {
  /** Where, as in the file: `stamps[0].regions[1].hub.dnsSubnet`. */
  readonly path: string;
  readonly got: string;
  readonly expected: string;
  readonly fix: string;
}

/** The line of a path in the file, counted from 1; nothing where it is unknown. */
export type LineOf = (path: string) => number | undefined;

/** A topology with mistakes in it. Its message lists all of them. */
export class TopologyError extends Failure {
  override name = "TopologyError";

  constructor(
    readonly mistakes: readonly Mistake[],
    source: string,
    lineOf: LineOf = () => undefined,
  ) {
    const count = mistakes.length === 1 ? "1 mistake" : `${mistakes.length} mistakes`;
    super(
      [
        `${count} in ${source}. Nothing was written.`,
        ...mistakes.map((mistake) => `\n${describe(mistake, lineOf(mistake.path))}`),
      ].join("\n"),
    );
  }
}

function describe({ path, got, expected, fix }: Mistake, line: number | undefined): string {
  return [
    `  ${path}${line === undefined ? "" : ` (line ${line})`}`,
    `    got       ${got}`,
    `    expected  ${expected}`,
    `    fix       ${fix}`,
  ].join("\n");
}

/** What a mistake of the topology as a whole is reported at. */
export const WHOLE = "(the topology itself)";

/** A path of keys and indices in the notation of TypeScript. */
export function pathOf(keys: readonly PropertyKey[]): string {
  return (
    keys.reduce<string>((path, key) => {
      if (typeof key === "number") return `${path}[${key}]`;
      const name = String(key);
      if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
      return path === "" ? name : `${path}.${name}`;
    }, "") || WHOLE
  );
}

/** The keys and indices of a path. */
export function keysOf(path: string): (string | number)[] {
  if (path === WHOLE) return [];
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([A-Za-z_$][\w$]*)/g)].map(
    ([, index, quoted, name = ""]) =>
      index !== undefined ? Number(index) : quoted !== undefined ? (JSON.parse(quoted) as string) : name,
  );
}

/** A value as a reader would find it in the file, shortened. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  if (isPromise(value)) return "a promise";
  const text = written(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

export function isPromise(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function written(value: unknown): string {
  if (typeof value === "bigint" || typeof value === "symbol") return value.toString();
  try {
    return JSON.stringify(value);
  } catch {
    return "an object that contains itself";
  }
}
