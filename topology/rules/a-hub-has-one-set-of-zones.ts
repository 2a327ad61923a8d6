import { type Placed, regionsOf, stampsOf } from "../draft";
import type { Mistake } from "../mistake";
import type { Region } from "../schema";
import type { TopologyRule } from "./topology-rule";

/**
 * A network is linked to one zone of a name (learn.microsoft.com/azure/private-link/private-link-faq): regions and stamps that use one hub keep their names in one set of zones.
 * Names of Azure Monitor are the same for every scope, so that of two stamps with one set of zones both or none would have to lead to one scope: none may have one.
 */
export const aHubHasOneSetOfZones: TopologyRule = (topology) => {
  const stamps = stampsOf(topology);
  const regions = stamps.flatMap(regionsOf);
  const clashes = regions.flatMap((region, index): Mistake[] => {
    const before = regions
      .slice(0, index)
      .find((other) => hubIn(other) !== undefined && hubIn(other) === hubIn(region));
    if (!before || (groupIn(before) !== undefined && groupIn(before) === groupIn(region))) return [];
    return [
      {
        path: `${region.at}.privateZonesGroupId`,
        got:
          region.it.privateZonesGroupId === undefined ? "zones that are built" : `"${region.it.privateZonesGroupId}"`,
        expected: `the group of ${before.at}: both use one hub, and a network is linked to one zone of a name`,
        fix: "name one group of existing zones in both, or use another hub",
      },
    ];
  });
  const monitored = stamps.flatMap((stamp, index): Mistake[] => {
    const own = new Set(regionsOf(stamp).flatMap((region) => groupIn(region) ?? []));
    const other = stamps
      .slice(0, index)
      .find(
        (each) =>
          [each, stamp].some(({ it }) => it.monitoring === "private-link") &&
          regionsOf(each).some((region) => own.has(groupIn(region) ?? "")),
      );
    if (!other) return [];
    return [
      {
        path: `${stamp.at}.monitoring`,
        got: `"${stamp.it.monitoring ?? "public-hosts"}", and "${other.it.monitoring ?? "public-hosts"}" in ${other.at}`,
        expected: "public-hosts in both: they share zones, and a zone has one record of each of Azure Monitor's names",
        fix: "give the stamp with private-link zones and hubs of its own",
      },
    ];
  });
  return [...clashes, ...monitored];
};

function hubIn({ it }: Placed<Region>): string | undefined {
  return it.existingHub?.virtualNetworkId?.toLowerCase();
}

function groupIn({ it }: Placed<Region>): string | undefined {
  return it.privateZonesGroupId?.toLowerCase();
}
