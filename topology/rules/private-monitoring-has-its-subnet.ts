import { given, regionsOf, stampsOf } from "../draft";
import type { Mistake } from "../mistake";
import { sharesZones } from "../zones";
import type { TopologyRule } from "./topology-rule";

/** Azure Monitor's endpoint has a subnet of its own, in each spoke that has one. */
export const privateMonitoringHasItsSubnet: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const monitoring = given(stamp.it, "monitoring", "public-hosts");
    if (monitoring === undefined) return [];
    const regions = regionsOf(stamp);
    const isShared = sharesZones({ regions: regions.map(({ it }) => it) });
    return regions.flatMap(({ at, it }): Mistake[] => {
      if (it.spoke === undefined) return [];
      const path = `${at}.spoke.monitoringSubnet`;
      const isNeeded = monitoring === "private-link" && (!isShared || it.location === stamp.it.primary);
      if (isNeeded && !("monitoringSubnet" in it.spoke)) {
        return [
          {
            path,
            got: "nothing",
            expected: "a CIDR block of /27 or larger, because monitoring is private-link",
            fix: "add monitoringSubnet",
          },
        ];
      }
      // One that is not needed may stay: a subnet goes only after the endpoint in it.
      return [];
    });
  });
