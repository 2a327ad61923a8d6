import { isPrivate, PRIVATE_RANGES } from "../cidr";
import { allRegions, placed, stampsOf } from "../draft";
import type { TopologyRule } from "./topology-rule";

export const addressSpacesArePrivate: TopologyRule = (topology) =>
  [
    ...allRegions(topology).flatMap(({ at, it }) => [
      { at: `${at}.hub.addressSpace`, cidr: it.hub?.addressSpace },
      { at: `${at}.spoke.addressSpace`, cidr: it.spoke?.addressSpace },
      ...placed<string>(it.existingHub?.addressSpaces, `${at}.existingHub.addressSpaces`).map((space) => ({
        at: space.at,
        cidr: space.it,
      })),
    ]),
    ...stampsOf(topology)
      .flatMap(({ at, it }) => [
        ...placed<string>(it.access?.callers, `${at}.access.callers`),
        ...placed<string>(it.access?.deployAgents, `${at}.access.deployAgents`),
        ...placed<string>(it.access?.operators?.ranges, `${at}.access.operators.ranges`),
      ])
      .map(({ at, it }) => ({ at, cidr: it })),
  ].flatMap(({ at, cidr }) =>
    cidr === undefined || isPrivate(cidr)
      ? []
      : [
          {
            path: at,
            got: `"${cidr}"`,
            expected: `a block within ${PRIVATE_RANGES.join(", ")} (RFC 1918, RFC 6598)`,
            fix: "use private addresses",
          },
        ],
  );
