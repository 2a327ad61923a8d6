import { regionsOf, stampsOf } from "../draft";
import type { Mistake } from "../mistake";
import type { TopologyRule } from "./topology-rule";

/** A recovery makes a new pair: with the former primary, which is the other region's namespace, or with a new one in its place. */
export const aRecoveryFitsItsPair: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const { pairing, primary } = stamp.it;
    const { from, partner = "former" } = pairing?.recovery ?? {};
    if (from === undefined) return [];
    const at = `${stamp.at}.pairing`;
    const other = regionsOf(stamp).find(({ it }) => it.location !== undefined && it.location !== primary);
    const mistakes: Mistake[] = [];
    if (pairing?.state === "failed-over") {
      mistakes.push({
        path: `${at}.state`,
        got: '"failed-over" and a recovery',
        expected: '"unpaired" or "paired": in a recovery the primary is the namespace that the alias names',
        fix: "run npm run failback, and set what it says",
      });
    }
    if (partner === "former" && other && !isSame(other.it.serviceBus?.namespace, from)) {
      mistakes.push({
        path: `${at}.recovery.from`,
        got: `"${from}"`,
        expected: `"${other.it.serviceBus?.namespace ?? ""}", the namespace of the region that is not the primary`,
        fix: 'name it; if another namespace takes its place: partner: "new"',
      });
    }
    const named = regionsOf(stamp).find(({ it }) => isSame(it.serviceBus?.namespace, from));
    if (partner === "new" && named) {
      mistakes.push({
        path: `${at}.recovery.from`,
        got: `"${from}", which is ${named.at}.serviceBus.namespace`,
        expected: "a namespace that no region has any more, because another one takes its place",
        fix: 'give the region\'s namespace its new name; if the former primary becomes the secondary: partner: "former"',
      });
    }
    return mistakes;
  });

function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
