import type { PageData } from "../page-data";
import { drawingLinks } from "./drawing-links";
import { filterIn, onFilter, type Filter, showFilter } from "./filter";
import { element } from "./page";
import { traceDialog } from "./trace-dialog";
import { waysTable } from "./ways-table";

const data = JSON.parse(element("data").textContent) as PageData;
const draw = waysTable(data, traceDialog(data));
const mark = drawingLinks(data);

/** The page's own address holds the filter: a link to it shows the same. */
function apply(filter: Filter): void {
  showFilter(filter);
  draw(filter);
  mark(filter);
}

onFilter(apply);
apply(filterIn(location.hash));
