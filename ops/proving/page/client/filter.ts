import { element } from "./page";

/** What is shown: ways from a place, to a destination or a name, of a verdict, and whether by address or by name. None: all. */
export interface Filter {
  readonly from?: string;
  readonly to?: string;
  readonly verdict?: string;
  readonly by?: string;
}

const FIELDS = ["from", "to", "verdict", "by"] as const;

export function filterIn(hash: string): Filter {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  return Object.fromEntries(FIELDS.flatMap((field) => (given.get(field) ? [[field, given.get(field)]] : [])));
}

/** Puts a filter into the page's address, which applies it. */
export function choose(filter: Filter): void {
  location.hash = new URLSearchParams(Object.entries(filter)).toString();
}

/** The fields show the filter that applies. */
export function showFilter(filter: Filter): void {
  for (const field of FIELDS) (element(`filter-${field}`) as HTMLSelectElement).value = filter[field] ?? "";
}

/** Calls back with each filter that the address or a field asks for. */
export function onFilter(apply: (filter: Filter) => void): void {
  addEventListener("hashchange", () => {
    // A link to a part of the page keeps the filter.
    if (document.getElementById(location.hash.slice(1))) return;
    apply(filterIn(location.hash));
  });
  element("filter").addEventListener("change", () => {
    choose(
      Object.fromEntries(
        FIELDS.flatMap((field) => {
          const { value } = element(`filter-${field}`) as HTMLSelectElement;
          return value === "" ? [] : [[field, value]];
        }),
      ),
    );
  });
  element("filter").addEventListener("reset", () => {
    choose({});
  });
}
