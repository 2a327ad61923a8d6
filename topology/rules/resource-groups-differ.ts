import { allRegions, repeated } from "../draft";
import type { TopologyRule } from "./topology-rule";

/** Each stack owns its resource group: two owners of one would fight, and destroying one would try to take the other's. */
export const resourceGroupsDiffer: TopologyRule = (topology) =>
  repeated([
    ...allRegions(topology).flatMap(({ at, it }) =>
      (["network", "messaging", "workload"] as const).map((key) => ({
        at: `${at}.resourceGroups.${key}`,
        value: it.resourceGroups?.[key],
      })),
    ),
    { at: "backend.resourceGroup", value: topology.backend?.resourceGroup },
  ]).map(({ at, value, first }) => ({
    path: at,
    got: `"${value}"`,
    expected: `a resource group of its own: ${first} has this one`,
    fix: "rename one of the two",
  }));
