import { given, placed, stampsOf } from "../draft";
import type { Region } from "../schema";
import type { TopologyRule } from "./topology-rule";

const ZONES = 3;

/** A zone-balanced plan wants a multiple of the zones (learn.microsoft.com/azure/reliability/reliability-app-service). */
export const planSpreadsOverZones: TopologyRule = (topology) =>
  stampsOf(topology).flatMap(({ at, it }) => {
    const minimumWorkers = given(it.plan, "minimumWorkers", ZONES);
    const maximumWorkers = given(it.plan, "maximumWorkers", 3 * ZONES);
    const balanced = placed<Region>(it.regions, "").some((region) => given(region.it, "zoneRedundant", true));
    if (minimumWorkers === undefined) return [];
    return [
      ...(balanced && minimumWorkers % ZONES !== 0
        ? [
            {
              path: `${at}.plan.minimumWorkers`,
              got: String(minimumWorkers),
              expected: `a multiple of ${ZONES}, one worker or more in each zone`,
              fix: `use ${Math.ceil(minimumWorkers / ZONES) * ZONES}, or set zoneRedundant: false in every region`,
            },
          ]
        : []),
      ...(maximumWorkers !== undefined && maximumWorkers < minimumWorkers
        ? [
            {
              path: `${at}.plan.maximumWorkers`,
              got: String(maximumWorkers),
              expected: `${minimumWorkers} (minimumWorkers) or more`,
              fix: "raise maximumWorkers",
            },
          ]
        : []),
    ];
  });
