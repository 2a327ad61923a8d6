import { allRegions, repeated } from "../draft";
import type { TopologyRule } from "./topology-rule";

/** Both networks are in one resource group, where a name is unique. */
export const hubAndSpokeDiffer: TopologyRule = (topology) =>
  allRegions(topology).flatMap(({ at, it }) =>
    repeated([
      { at: `${at}.hub.name`, value: it.hub?.name },
      { at: `${at}.spoke.name`, value: it.spoke?.name },
    ]).map(({ at: path, value, first }) => ({
      path,
      got: `"${value}"`,
      expected: `a name that ${first} does not have: both are in one resource group`,
      fix: "rename one of the two",
    })),
  );
