import type { Step } from "../../proof/reach/flight";
import type { Reply } from "../../proof/reach/ask";
import { placeOf } from "./lines";

/** A trace for people: each stage with what decided, its reason, and its line. */
export function traceText(steps: readonly Step[]): string {
  return steps
    .map(({ stage, by, why, origin }, index) => {
      const number = `${String(index + 1).padStart(2)}.`;
      return [`${number} ${stage}: ${by}`, `    ${why}`, `    ${placeOf(origin)}`].join("\n");
    })
    .join("\n");
}

/** What comes of a question, in one line. */
export function verdictLine(from: string, to: string, service: string, { verdict, answer }: Reply): string {
  const found = answer?.kind === "private" ? ` (${answer.addresses.join(", ")})` : "";
  const says = { reaches: "reaches", cannot: "cannot reach", unknown: "may or may not reach" }[verdict];
  return `${from} ${says} ${to}${found} on ${service}`;
}
