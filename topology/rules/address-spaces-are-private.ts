import { isPrivate } from "../cidr";
import { allRegions, placed, stampsOf } from "../draft";
import type { Rule } from "./rule";

export const addressSpacesArePrivate: Rule = (topology) =>
  [
    ...allRegions(topology).flatMap(({ at, it }) => [
      { at: `${at}.hub.addressSpace`, cidr: it.hub?.addressSpace },
      { at: `${at}.spoke.addressSpace`, cidr: it.spoke?.addressSpace },
    ]),
    ...stampsOf(topology)
      .flatMap(({ at, it }) => [
        ...placed<string>(it.access?.callers, `${at}.access.callers`),
        ...placed<string>(it.access?.deployAgents, `${at}.access.deployAgents`),
      ])
      .map(({ at, it }) => ({ at, cidr: it })),
  ].flatMap(({ at, cidr }) =>
    cidr === undefined || isPrivate(cidr)
      ? []
      : [
          {
            path: at,
            got: `"${cidr}"`,
            expected: "a block within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 (RFC 1918)",
            fix: "use private addresses",
          },
        ],
  );
