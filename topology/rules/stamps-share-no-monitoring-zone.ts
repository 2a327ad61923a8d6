import { repeated, regionsOf, stampsOf } from "../draft";
import type { TopologyRule } from "./topology-rule";

/** The names of Azure Monitor are the same for every scope: of two stamps that keep them in one zone, the later endpoint takes the other's telemetry away. */
export const stampsShareNoMonitoringZone: TopologyRule = (topology) =>
  repeated(
    stampsOf(topology)
      .filter(({ it }) => it.monitoring === "private-link")
      .flatMap((stamp) => {
        const places = regionsOf(stamp).map(({ at, it }) => ({
          at: `${at}.privateZonesGroupId`,
          value: it.privateZonesGroupId,
        }));
        // Within a stamp the two regions may: there is one scope then.
        return places.filter(
          ({ value }, index) =>
            places.findIndex((each) => each.value?.toLowerCase() === value?.toLowerCase()) === index,
        );
      }),
  ).map(({ at: path, value, first }) => ({
    path,
    got: `"${value}"`,
    expected: `another group than ${first}: a zone has one record of each of Azure Monitor's names`,
    fix: "give each stamp with private monitoring zones of its own",
  }));
