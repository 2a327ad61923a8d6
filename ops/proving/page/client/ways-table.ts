import DataTable from "datatables.net";
import type { PageData, WayRow } from "../page-data";
import type { Filter } from "./filter";
import { createElement } from "./page";
import { selectionOf } from "./selection";

/** What the table asks for when it draws itself. */
interface Request {
  readonly draw: number;
  readonly start: number;
  readonly length: number;
  readonly search: { readonly value: string };
  readonly order: readonly { readonly column: number; readonly dir: string }[];
}

/** Fills the table with every way, by address and by name. @returns what draws it again for a filter */
export function waysTable(data: PageData, openTrace: (row: WayRow) => void): (filter: Filter) => void {
  const { texts, ways, names } = data;
  const select = selectionOf(data);
  const text = (index: number) => texts[index] ?? "";
  const both = (one: number, other: number) => (text(other) === "" ? text(one) : `${text(one)} (${text(other)})`);
  const shown: readonly ((row: WayRow) => string)[] = [
    ([from, sources]) => both(from, sources),
    ([, , to, detail]) => both(to, detail),
    ([, , , , verdict]) => text(verdict),
    ([, , , , , services]) => text(services),
    ([, , , , , , decidedBy]) => text(decidedBy),
  ];
  let filter: Filter = {};
  const table = new DataTable("#ways", {
    // The table holds the rows that it shows alone: it would take seconds to take in all of them.
    serverSide: true,
    ajax: (request: unknown, show: (answer: unknown) => void) => {
      const { draw, start, length, search, order } = request as Request;
      const [first] = order;
      const key = shown[first?.column ?? -1];
      const by = first && key ? { order: { key, descending: first.dir === "desc" } } : {};
      const { rows, count } = select({ filter, search: search.value, start, length, ...by });
      show({ draw, recordsTotal: ways.length + names.length, recordsFiltered: count, data: rows });
    },
    columns: [
      ...shown.map((show) => ({
        data: null,
        render: (_value: unknown, _type: string, row: WayRow) => DataTable.util.escapeHtml(show(row)),
      })),
      { data: null, defaultContent: "", orderable: false },
    ],
    order: [],
    autoWidth: false,
    pageLength: 25,
    searchDelay: 0,
    processing: false,
    language: { search: "Text in any column:", emptyTable: "No way matches.", zeroRecords: "No way matches." },
    createdRow: (row: Node, way: unknown) => {
      const [from, , to, , verdict, services] = way as WayRow;
      const { cells } = row as HTMLTableRowElement;
      cells[2]?.classList.add("verdict", text(verdict));
      const button = createElement("button", "Trace");
      button.type = "button";
      button.setAttribute("aria-label", `Trace from ${text(from)} to ${text(to)} on ${text(services)}`);
      button.addEventListener("click", () => {
        openTrace(way as WayRow);
      });
      cells[5]?.replaceChildren(button);
    },
  });
  return (chosen) => {
    filter = chosen;
    // "Show all" shows all.
    if (Object.keys(chosen).length === 0) table.search("");
    table.draw();
  };
}
