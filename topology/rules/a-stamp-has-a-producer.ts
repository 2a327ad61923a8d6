import { regionsOf, stampsOf } from "../draft";
import type { TopologyRule } from "./topology-rule";

/** A region may have consumers alone, and one region of a stamp has a producer: the alias leads it to the primary, wherever that is. */
export const aStampHasAProducer: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const regions = regionsOf(stamp);
    const [first] = regions;
    if (!first || regions.some(({ it }) => !it.functionApps || "producer" in it.functionApps)) return [];
    return [
      {
        path: `${first.at}.functionApps.producer`,
        got: "nothing, and no other region of the stamp has one",
        expected: "a producer in one region",
        fix: "name its function app",
      },
    ];
  });
