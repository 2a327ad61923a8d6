import { overlap } from "../cidr";
import { allRegions } from "../draft";
import type { TopologyRule } from "./topology-rule";
import { subnetsOf } from "../subnets";

export const subnetsDoNotOverlap: TopologyRule = (topology) =>
  allRegions(topology).flatMap((region) => {
    const subnets = subnetsOf(region);
    return subnets.flatMap((subnet, index) =>
      subnets
        .slice(0, index)
        .filter((before) => before.vnet.at === subnet.vnet.at && overlap(before.cidr, subnet.cidr))
        .map((before) => ({
          path: subnet.at,
          got: `"${subnet.cidr}"`,
          expected: `a block that does not overlap ${before.cidr} (${before.at})`,
          fix: "move one of the two subnets",
        })),
    );
  });
