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
export function drawingLinks({ texts, ways, names }: PageData): (filter: Filter) => void {
  const links = [...document.querySelectorAll<SVGAElement>("figure a[*|href]")].map(linkOf);
  for (const { anchor, from, to } of links) {
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      choose(from !== undefined ? { from } : to !== undefined ? { to } : {});
    });
  }
  const known = new Set(texts);
  return (filter) => {
    const { from, to } = filter;
    const isAsked = from !== undefined || to !== undefined;
    const found = isAsked ? verdictsOf({ texts, ways, names }, filter) : new Map<string, string>();
    for (const { anchor, ...ends } of links) {
      const own = from !== undefined ? ends.from === from : to !== undefined && ends.to === to;
      const verdict = found.get((from !== undefined ? ends.to : ends.from) ?? "");
      anchor.classList.remove("chosen", "reaches", "unknown");
      if (own) anchor.classList.add("chosen");
      else if (isAsked && verdict !== undefined) anchor.classList.add(verdict);
    }
    const strange = [from, to].find((end) => end !== undefined && !known.has(end));
    element("marked").textContent =
      strange === undefined ? sentence(filter, [...found.values()]) : `There is no ${strange} here.`;
  };
}

/** The ends at the other side of the filter's, by address and by name, that are reached or may be: the best verdict of each. */
function verdictsOf({ texts, ways, names }: Pick<PageData, "texts" | "ways" | "names">, { from, to }: Filter) {
  const verdicts = new Map<string, string>();
  for (const row of [...ways, ...names]) {
    const [sender, receiver, verdict] = [texts[row[0]] ?? "", texts[row[2]] ?? "", texts[row[4]] ?? ""];
    if (verdict === "cannot" || (from !== undefined && sender !== from) || (to !== undefined && receiver !== to))
      continue;
    const other = from !== undefined ? receiver : sender;
    if (verdicts.get(other) !== "reaches") verdicts.set(other, verdict);
  }
  return verdicts;
}

function linkOf(anchor: SVGAElement): Link {
  const { from, to } = Object.fromEntries(new URLSearchParams(anchor.href.baseVal.slice(1)));
  return { anchor, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function sentence({ from, to }: Filter, verdicts: readonly string[]): string {
  const sure = verdicts.filter((verdict) => verdict === "reaches").length;
  const unsure = verdicts.length - sure;
  if (from !== undefined && to !== undefined)
    return `${from} ${sure > 0 ? "reaches" : unsure > 0 ? "may reach" : "cannot reach"} ${to}.`;
  const unknown = unsure === 0 ? "" : `, and may reach ${unsure} more`;
  if (from !== undefined)
    return `${from} reaches ${counted(sure, "address or name", "addresses and names")}${unknown}.`;
  if (to !== undefined)
    return `${counted(sure, "place reaches", "places reach")} ${to}${unsure === 0 ? "" : `, and ${unsure} more may`}.`;
  return "Choose a box to see what it reaches, or what reaches it.";
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
