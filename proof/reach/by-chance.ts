import { common, without } from "../packets/packets";
import type { Outcome, Step } from "./flight";

/**
 * A firewall that puts its own address in the sender's place uses any of its addresses and ports. Where later rules tell these apart, one packet has several ends: where they are the same,
 * that is its end; where they differ, chance decides, and it is unknown.
 */
export function whereChanceDecides(outcomes: readonly Outcome[]): Outcome[] {
  const decided: Outcome[] = [];
  for (const outcome of outcomes) {
    let rest = [outcome.sent];
    // What is split off is appended, and so looked at too.
    for (let index = 0; index < decided.length; index += 1) {
      const other = decided[index];
      if (!other || !isOfOneDestination(other, outcome)) continue;
      const both = rest.flatMap((part) => common(part, other.sent) ?? [])[0];
      if (!both) continue;
      decided.splice(index, 1, { ...together(other, outcome), sent: both });
      decided.push(...without(other.sent, both).map((sent) => ({ ...other, sent })));
      rest = rest.flatMap((part) => without(part, both));
    }
    decided.push(...rest.map((sent) => ({ ...outcome, sent })));
  }
  return decided;
}

function isOfOneDestination({ destination: one }: Outcome, { destination: other }: Outcome): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function together(one: Outcome, other: Outcome): Outcome {
  if (one.verdict === other.verdict) return one;
  const [better, worse] = one.verdict === "reaches" ? [one, other] : [other, one];
  const last = worse.steps.at(-1);
  const step: Step = {
    stage: "firewall",
    by: last?.by ?? "",
    why: `it is not known: rules treat the firewall's own addresses or ports differently, and here ${last?.why ?? "decides"}`,
    origin: last?.origin ?? { resource: "", keys: [] },
  };
  return { ...better, verdict: "unknown", steps: [...better.steps, step] };
}
