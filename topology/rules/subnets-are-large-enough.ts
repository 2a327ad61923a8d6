import { prefixLength } from "../cidr";
import { allRegions } from "../draft";
import type { TopologyRule } from "./topology-rule";
import { subnetsOf } from "../subnets";

/** Sizes: learn.microsoft.com, the firewall, gateway and VNet integration pages. */
export const subnetsAreLargeEnough: TopologyRule = (topology) =>
  allRegions(topology)
    .flatMap(subnetsOf)
    .filter(({ cidr, longestPrefix }) => prefixLength(cidr) > longestPrefix)
    .map(({ at, cidr, longestPrefix, because }) => ({
      path: at,
      got: `"${cidr}"`,
      expected: `/${longestPrefix} or larger: ${because}`,
      fix: `shorten the prefix to /${longestPrefix} or less`,
    }));
