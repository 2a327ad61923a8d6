import type { PageData, WayRow } from "../page-data";
import type { Filter } from "./filter";

/** What a table asks for: some of the rows that a filter and a text leave, in an order. */
export interface Wanted {
  readonly filter: Filter;
  /** Words that each are in some column. */
  readonly search: string;
  /** By the text of a column. @default the order of the data */
  readonly order?: { readonly key: (row: WayRow) => string; readonly descending: boolean };
  readonly start: number;
  readonly length: number;
}

export interface Selection {
  readonly rows: readonly WayRow[];
  /** How many the filter and the text leave. */
  readonly count: number;
}

/** The columns that a search looks into. */
const SEARCHED = [0, 1, 2, 3, 4, 5, 6] as const;

/** Each text is compared once, and each row by numbers: so tens of thousands of ways are filtered while a person types. */
export function selectionOf({ texts, ways, names }: PageData): (wanted: Wanted) => Selection {
  const all = [...ways, ...names];
  const lower = texts.map((text) => text.toLowerCase());
  return ({ filter, search, order, start, length }) => {
    const [from, to, verdict] = [filter.from, filter.to, filter.verdict].map((value) =>
      value === undefined ? undefined : texts.indexOf(value),
    );
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const holders = words.map((word) => lower.map((text) => text.includes(word)));
    const rows = all.filter(
      (row, index) =>
        (from === undefined || row[0] === from) &&
        (to === undefined || row[2] === to) &&
        (verdict === undefined || row[4] === verdict) &&
        (filter.by === undefined || (filter.by === "name") === index >= ways.length) &&
        holders.every((holds) => SEARCHED.some((column) => holds[row[column]])),
    );
    const ordered = order ? inOrder(rows, order) : rows;
    return { rows: ordered.slice(start, start + length), count: rows.length };
  };
}

function inOrder(rows: readonly WayRow[], { key, descending }: NonNullable<Wanted["order"]>): WayRow[] {
  const sign = descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, text: key(row) }));
  keyed.sort((one, other) => sign * (one.text < other.text ? -1 : one.text > other.text ? 1 : 0));
  return keyed.map(({ row }) => row);
}
