import { regionsOf, stampsOf } from "../draft";
import type { TopologyRule } from "./topology-rule";

/** A recovery makes a new pair, whose primary is another namespace than the former one. */
export const aRecoveryFitsItsPair: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const { pairing, primary } = stamp.it;
    const from = pairing?.recovery?.from;
    if (from === undefined) return [];
    const at = `${stamp.at}.pairing`;
    const own = regionsOf(stamp).find(({ it }) => it.location === primary)?.it.serviceBus?.namespace;
    return [
      ...(pairing?.state === "failed-over"
        ? [
            {
              path: `${at}.state`,
              got: '"failed-over" and a recovery',
              expected: '"unpaired" or "paired": in a recovery the new primary is the one that the alias names',
              fix: "run npm run failback, and set what it says",
            },
          ]
        : []),
      ...(own?.toLowerCase() === from.toLowerCase()
        ? [
            {
              path: `${at}.recovery.from`,
              got: `"${from}"`,
              expected: `another namespace than that of the primary ${primary ?? ""}`,
              fix: "set primary to the region of the namespace that the alias names now",
            },
          ]
        : []),
    ];
  });
