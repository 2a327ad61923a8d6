import type { Step } from "../../../proof/reach/flight";
import type { Reach } from "../../../proof/reach/reach";
import { connectionsOf } from "../../../proof/report/connections";
import { matrixOf } from "../../../proof/report/matrix";
import { fileAndLine } from "../lines";
import { Interned } from "./interned";
import type { PageData, StepRow, WayRow } from "./page-data";

/** Every way of the matrix and every connection to a name, each with its trace. */
export function collected(reach: Reach): PageData {
  const texts = new Interned<string>((text) => text);
  const steps = new Interned<StepRow>((row) => row.join());
  const traces = new Interned<readonly number[]>((trace) => trace.join());
  // Many traces share their steps, and a line is looked for in a file.
  const known = new Map<Step, number>();
  const stepRow = (step: Step): number => {
    const found = known.get(step);
    if (found !== undefined) return found;
    const { stage, by, why, origin } = step;
    const index = steps.indexOf([
      texts.indexOf(stage),
      texts.indexOf(by),
      texts.indexOf(why),
      texts.indexOf(fileAndLine(origin)),
    ]);
    known.set(step, index);
    return index;
  };
  const row = ({ from, sources, to, detail, verdict, services, decidedBy, trace }: Way): WayRow => [
    texts.indexOf(from),
    texts.indexOf(sources),
    texts.indexOf(to),
    texts.indexOf(detail),
    texts.indexOf(verdict),
    texts.indexOf(services),
    texts.indexOf(decidedBy),
    traces.indexOf(trace.map(stepRow)),
  ];
  const ways = matrixOf(reach).map(({ from, sources, to, hosts = [], verdict, services, through, steps: trace }) =>
    row({
      from,
      sources: sources === "all" ? "" : sources,
      to,
      detail: hosts.join(", "),
      verdict,
      services,
      decidedBy: through.at(-1) ?? "",
      trace,
    }),
  );
  const names = connectionsOf(reach).map(({ from, name, isAfterFailover, answer, verdict, services, steps: trace }) =>
    row({
      from,
      sources: "",
      to: isAfterFailover ? `${name} after a failover` : name,
      detail: answer,
      verdict,
      services,
      decidedBy: trace.at(-1)?.by ?? "",
      trace,
    }),
  );
  const openFirst = (rows: readonly WayRow[]) => {
    const rank = (row: WayRow) => ORDER.indexOf(texts.values[row[4]] ?? "");
    return [...rows].sort((one, other) => rank(one) - rank(other));
  };
  return {
    texts: texts.values,
    steps: steps.values,
    traces: traces.values,
    ways: openFirst(ways),
    names: openFirst(names),
  };
}

const ORDER: readonly string[] = ["reaches", "unknown", "cannot"];

interface Way {
  readonly from: string;
  readonly sources: string;
  readonly to: string;
  readonly detail: string;
  readonly verdict: string;
  readonly services: string;
  readonly decidedBy: string;
  readonly trace: readonly Step[];
}
