import type { Step } from "../../proof/reach/flight";
import type { Reply } from "../../proof/reach/ask";
import { fileAndLine } from "./lines";

/** A trace for people: each stage with what decided, its reason, and its line. */
export function traceText(steps: readonly Step[]): string {
  return steps
    .map(({ stage, by, why, origin }, index) => {
      const number = `${String(index + 1).padStart(2)}.`;
      return [`${number} ${stage}: ${by}`, `    ${why}`, `    ${fileAndLine(origin)}`].join("\n");
    })
    .join("\n");
}

/** The answer, in one line. */
export function verdictLine(from: string, to: string, service: string, reply: Reply): string {
  const { verdict, answer, isInPart } = reply;
  const found = answer?.kind === "private" ? ` (${answer.addresses.join(", ")})` : "";
  const says = {
    reaches: "reaches",
    cannot: "cannot reach",
    unknown: isInPart ? "reaches in part" : "may or may not reach",
  }[verdict];
  return `${from} ${says} ${to}${found} on ${service}`;
}
