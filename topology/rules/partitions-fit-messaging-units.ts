import { allRegions } from "../draft";
import type { TopologyRule } from "./topology-rule";

/** Messaging units are spread evenly over the partitions (learn.microsoft.com/azure/service-bus-messaging/service-bus-partitioning). */
export const partitionsFitMessagingUnits: TopologyRule = (topology) =>
  allRegions(topology).flatMap(({ at, it }) => {
    const { partitions, messagingUnits } = it.serviceBus ?? {};
    if (partitions === undefined || messagingUnits === undefined || messagingUnits % partitions === 0) return [];
    return [
      {
        path: `${at}.serviceBus.messagingUnits`,
        got: String(messagingUnits),
        expected: `a multiple of partitions (${partitions})`,
        fix: `use ${partitions} messaging units or more, or fewer partitions`,
      },
    ];
  });
