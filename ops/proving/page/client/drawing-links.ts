import type { PageData } from "../page-data";
import { choose, type Filter } from "./filter";
import { element } from "./page";

interface Link {
  readonly anchor: SVGAElement;
  readonly from?: string;
  readonly to?: string;
}

/**
 * The boxes of the drawings are links: one that sends asks for what it reaches, another for what reaches it.
 *
 * @returns what marks the boxes at the other ends for a filter
 */
export function drawingLinks({ texts, ways }: PageData): (filter: Filter) => void {
  const links = [...document.querySelectorAll<SVGAElement>("figure a")].map(linkOf);
  for (const { anchor, from, to } of links) {
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      choose(from !== undefined ? { from } : to !== undefined ? { to } : {});
    });
  }
  return ({ from, to }) => {
    const verdicts = new Map<string, string>();
    const isAsked = from !== undefined || to !== undefined;
    for (const row of isAsked ? ways : []) {
      const [sender, receiver, verdict] = [texts[row[0]] ?? "", texts[row[2]] ?? "", texts[row[4]] ?? ""];
      if (verdict === "cannot" || (from !== undefined ? sender !== from : receiver !== to)) continue;
      const other = from !== undefined ? receiver : sender;
      if (verdicts.get(other) !== "reaches") verdicts.set(other, verdict);
    }
    for (const { anchor, ...ends } of links) {
      const own = from !== undefined ? ends.from === from : to !== undefined && ends.to === to;
      const verdict = verdicts.get((from !== undefined ? ends.to : ends.from) ?? "");
      anchor.classList.remove("chosen", "reaches", "unknown");
      if (own) anchor.classList.add("chosen");
      else if (isAsked && verdict !== undefined) anchor.classList.add(verdict);
    }
    element("marked").textContent = saying({ from, to }, [...verdicts.values()]);
  };
}

function linkOf(anchor: SVGAElement): Link {
  const { from, to } = Object.fromEntries(new URLSearchParams(anchor.href.baseVal.slice(1)));
  return { anchor, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function saying({ from, to }: Filter, verdicts: readonly string[]): string {
  const sure = verdicts.filter((verdict) => verdict === "reaches").length;
  const unsure = verdicts.length - sure;
  const unknown = unsure === 0 ? "" : `, and may reach ${unsure} more`;
  if (from !== undefined) return `${from} reaches ${sure} destinations${unknown}.`;
  if (to !== undefined) return `${sure} places reach ${to}${unsure === 0 ? "" : `, and ${unsure} more may`}.`;
  return "Choose a box to see what it reaches, or what reaches it.";
}
