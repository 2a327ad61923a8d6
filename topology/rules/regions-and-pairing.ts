import { regionsOf, repeated, stampsOf } from "../draft";
import type { Mistake } from "../mistake";
import type { TopologyRule } from "./topology-rule";

/** One region alone or two that are paired, and the primary is one of them. */
export const regionsAndPairing: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const regions = regionsOf(stamp);
    const locations = regions.map(({ it }) => it.location);
    const mistakes: Mistake[] = repeated(
      regions.map(({ at, it }) => ({ at: `${at}.location`, value: it.location })),
    ).map(({ at, value, first }) => ({
      path: at,
      got: `"${value}"`,
      expected: "two different regions",
      fix: `pick another region than ${first}`,
    }));
    const { primary, pairing } = stamp.it;
    const count = stamp.it.regions?.length;
    // A pairing with a mistake of its own exists.
    const paired = "pairing" in stamp.it;
    if (
      primary !== undefined &&
      locations.length > 0 &&
      // One that is broken may be the one that is meant.
      locations.length === stamp.it.regions?.length &&
      locations.every((location) => location !== undefined) &&
      !locations.includes(primary)
    ) {
      mistakes.push({
        path: `${stamp.at}.primary`,
        got: `"${primary}"`,
        expected: `the location of one of its regions (${locations.join(", ")})`,
        fix: "name one of them, or add the region",
      });
    }
    if (count === 2 && !paired) {
      mistakes.push({
        path: `${stamp.at}.pairing`,
        got: "nothing",
        expected: "an alias and a state, because there are two regions",
        fix: 'add pairing: { alias: "<name>", state: "paired" }',
      });
    }
    if (count === 1 && locations.length === 1 && pairing !== undefined) {
      mistakes.push({
        path: `${stamp.at}.pairing`,
        got: `the alias "${pairing.alias ?? ""}"`,
        expected: "nothing, because there is one region",
        fix: "remove pairing, or add the second region",
      });
    }
    return mistakes;
  });
