import type { PageData, WayRow } from "../page-data";
import { element, createElement } from "./page";

/** Shows the trace of a way in a dialog: each stage with what decided, its reason and its line. */
export function traceDialog({ texts, steps, traces }: PageData): (row: WayRow) => void {
  const dialog = element("trace") as HTMLDialogElement;
  const text = (index: number | undefined) => texts[index ?? -1] ?? "";
  return ([from, sources, to, detail, verdict, services, , trace]) => {
    const some = text(sources) === "" ? "" : ` (${text(sources)})`;
    element("trace-title").textContent = `From ${text(from)}${some} to ${text(to)} on ${text(services)}`;
    const result = element("trace-verdict");
    result.textContent = text(verdict);
    result.className = `verdict ${text(verdict)}`;
    element("trace-detail").textContent = text(detail);
    element("trace-steps").replaceChildren(
      ...(traces[trace] ?? []).map((index) => {
        const [stage, by, why, at] = steps[index] ?? [];
        const item = createElement("li");
        item.append(
          createElement("strong", `${text(stage)}: ${text(by)}`),
          createElement("p", text(why)),
          createElement("code", text(at)),
        );
        return item;
      }),
    );
    dialog.showModal();
  };
}
