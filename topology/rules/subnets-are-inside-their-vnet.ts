import { contains } from "../cidr";
import { allRegions } from "../draft";
import type { TopologyRule } from "./topology-rule";
import { subnetsOf } from "../subnets";

export const subnetsAreInsideTheirVnet: TopologyRule = (topology) =>
  allRegions(topology)
    .flatMap(subnetsOf)
    .flatMap(({ at, cidr, vnet }) =>
      vnet.cidr === undefined || contains(vnet.cidr, cidr)
        ? []
        : [
            {
              path: at,
              got: `"${cidr}"`,
              expected: `a block within ${vnet.cidr} (${vnet.at})`,
              fix: "move the subnet, or widen the address space",
            },
          ],
    );
