import { placed, regionsOf, stampsOf } from "../draft";
import type { Mistake } from "../mistake";
import { sharesZones } from "../zones";
import type { TopologyRule } from "./topology-rule";

/**
 * In one set of zones a name leads to one address. The other region's hosts reach it through the hubs: hubs that this topology builds are not connected. A service of the
 * user's own would have an endpoint in each spoke, and the later one would overwrite the record of the first.
 */
export const sharedZonesNeedAPath: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp): Mistake[] => {
    const regions = regionsOf(stamp);
    if (!sharesZones({ regions: regions.map(({ it }) => it) })) return [];
    const built = regions.filter(({ it }) => it.hub !== undefined);
    const [service] = placed(stamp.it.access?.privateServices, `${stamp.at}.access.privateServices`);
    return [
      ...built.map(({ at, it }) => ({
        path: `${at}.privateZonesGroupId`,
        got: `"${it.privateZonesGroupId ?? ""}"`,
        expected: "zones of the region's own: a hub that is built has no way to the other region",
        fix: "name another resource group for each region, or use an existing hub that routes to the other spoke",
      })),
      ...(service
        ? [
            {
              path: service.at,
              got: "a service, with one set of zones for both regions",
              expected: "zones of each region's own: its endpoints have one name, and the zone one record",
              fix: "name its endpoint in existingEndpoints, or give each region zones of its own",
            },
          ]
        : []),
    ];
  });
