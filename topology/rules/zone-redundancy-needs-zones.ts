import { AZURE_REGIONS } from "../azure-regions";
import { allRegions, given } from "../draft";
import type { TopologyRule } from "./topology-rule";

export const zoneRedundancyNeedsZones: TopologyRule = (topology) =>
  allRegions(topology).flatMap(({ at, it }) => {
    if (
      it.location === undefined ||
      given(it, "zoneRedundant", true) !== true ||
      AZURE_REGIONS[it.location].availabilityZones
    )
      return [];
    return [
      {
        path: `${at}.zoneRedundant`,
        got: it.zoneRedundant === undefined ? "nothing (true by default)" : "true",
        expected: `false, because ${it.location} has no availability zones`,
        fix: "set zoneRedundant: false, or pick a region with availability zones",
      },
    ];
  });
