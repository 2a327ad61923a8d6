import { addressesText } from "../packets/addresses";
import type { Place } from "../reach/place";
import type { Reach } from "../reach/reach";
import { type Cell, listedEndpoints, matrixOf } from "./matrix";
import { type NamedFrom, namesOf } from "./names";

/**
 * The matrix as a text for people and for pull requests: each place with what it reaches, a line for each way, and what it cannot reach, by what closes it. A way that opens is a line
 * more. Places that differ in nothing share a section.
 */
export function matrixText(reach: Reach): string {
  const cells = matrixOf(reach);
  const names = namesOf(reach);
  const sections = new Map<string, string[]>();
  for (const place of reach.places) {
    const body = bodyOf(
      cells.filter(({ from }) => from === place.name),
      names.filter(({ from }) => from === place.name),
    );
    sections.set(body, [...(sections.get(body) ?? []), titleOf(place)]);
  }
  const endpoints = listedEndpoints(reach)
    .map(
      ({ name, addresses, leadsTo, subnet }) =>
        `  ${name}: ${addressesText(addresses)} in ${subnet}, leads to ${leadsTo}`,
    )
    .sort();
  return [
    ["Private endpoints", ...endpoints, ""].join("\n"),
    ...[...sections].map(([body, titles]) => `${titles.map((title) => `from ${title}`).join("\n")}\n${body}\n`),
  ].join("\n");
}

function titleOf({ name, addresses, kind }: Place): string {
  return kind === "internet" ? name : `${name} (${addressesText(addresses)})`;
}

function bodyOf(own: readonly Cell[], names: readonly NamedFrom[]): string {
  const open = own.filter(({ verdict }) => verdict !== "cannot");
  return [
    ...open.map(openLine).sort(),
    ...closedLines(own, open),
    ...names.map(({ name, answer }) => `  name      ${name} -> ${answer}`),
  ].join("\n");
}

function openLine({ sources, to, verdict, services, hosts, through }: Cell): string {
  const some = sources === "all" ? "" : ` from ${sources}`;
  const named = hosts ? ` (${hosts.join(", ")})` : "";
  return `  ${verdict.padEnd(9)} ${to}${named} on ${services}${some}\n            through ${through.join(" > ")}`;
}

/** What is closed altogether, by what closes it. Of what is open in part, the rest is closed by what the last line names. */
function closedLines(own: readonly Cell[], open: readonly Cell[]): string[] {
  const reached = new Set(open.map(({ to }) => to));
  const byReason = new Map<string, Set<string>>();
  for (const { to, verdict, through } of own) {
    if (verdict !== "cannot" || reached.has(to)) continue;
    const reason = through.join(" > ");
    byReason.set(reason, (byReason.get(reason) ?? new Set()).add(to));
  }
  const rest = own
    .filter(({ verdict, to }) => verdict === "cannot" && reached.has(to))
    .flatMap(({ through }) => through);
  return [
    ...[...byReason]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([reason, ends]) => `  cannot    ${[...ends].sort().join(", ")}\n            by ${reason}`),
    ...(rest.length > 0
      ? [`  cannot    anything else of what it reaches\n            by ${[...new Set(rest)].sort().join(", ")}`]
      : []),
  ];
}
