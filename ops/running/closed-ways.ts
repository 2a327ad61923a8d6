import { Failure } from "../../failure";
import type { LocalAzure } from "../../local/local-azure";
import { traceText } from "../proving/trace-text";

/**
 * What apps need and the network does not let through, each with its trace; the run then fails as it would in Azure.
 *
 * @returns nothing where every way is open
 * @throws Failure where it is not known whether a way is open: a run would show one of two possible ends
 */
export function closedWays({ ways }: LocalAzure): string | undefined {
  const closed = ways?.needed().filter(({ verdict }) => verdict !== "reaches") ?? [];
  if (closed.length === 0) return undefined;
  const texts = closed.map(({ app, host, port, verdict, steps }) => {
    const says = verdict === "cannot" ? "does not reach" : "may or may not reach";
    return `${app} ${says} ${host} on port ${port}:\n${traceText(steps)}`;
  });
  const text = texts.join("\n\n");
  if (closed.some(({ verdict }) => verdict === "unknown"))
    throw new Failure(`It is not known whether every way that the apps need is open, so nothing was run.\n\n${text}`);
  return text;
}
