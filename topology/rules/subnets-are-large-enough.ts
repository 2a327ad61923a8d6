import { prefixLength } from "../cidr";
import { allRegions } from "../draft";
import type { Rule } from "./rule";
import { subnetsOf } from "../subnets";

/** Sizes: learn.microsoft.com, the firewall, gateway and VNet integration pages. */
export const subnetsAreLargeEnough: Rule = (topology) =>
  allRegions(topology)
    .flatMap(subnetsOf)
    .filter(({ cidr, longestPrefix }) => prefixLength(cidr) > longestPrefix)
    .map(({ at, cidr, longestPrefix, because }) => ({
      path: at,
      got: `"${cidr}"`,
      expected: `/${longestPrefix} or larger: ${because}`,
      fix: `shorten the prefix to /${longestPrefix} or less`,
    }));
