import { regionsOf, stampsOf } from "../draft";
import type { TopologyRule } from "./topology-rule";

/**
 * Partitioned and unpartitioned namespaces never pair (learn.microsoft.com/azure/service-bus-messaging/service-bus-geo-dr), and
 * a smaller secondary is an outage that waits for the failover.
 */
export const pairingOfLikeNamespaces: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const [one, other] = regionsOf(stamp);
    if (!one || !other) return [];
    return (["partitions", "messagingUnits"] as const).flatMap((key) => {
      const [mine, theirs] = [one.it.serviceBus?.[key], other.it.serviceBus?.[key]];
      if (mine === undefined || theirs === undefined || mine === theirs) return [];
      return [
        {
          path: `${other.at}.serviceBus.${key}`,
          got: String(theirs),
          expected: `${mine}, as ${one.at}.serviceBus.${key}: paired namespaces must have equal values`,
          fix: "give both namespaces the same value",
        },
      ];
    });
  });
