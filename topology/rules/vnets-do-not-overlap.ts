import { overlap } from "../cidr";
import { allRegions, placed, stampsOf } from "../draft";
import type { TopologyRule } from "./topology-rule";

/** Peered networks cannot overlap, and networks that may one day be peered or reached from on-premises should not. */
export const vnetsDoNotOverlap: TopologyRule = (topology) => {
  const onPremises = stampsOf(topology).flatMap(({ at, it }) =>
    it.egress && "onPremises" in it.egress
      ? placed<string>(it.egress.onPremises?.addressSpaces, `${at}.egress.onPremises.addressSpaces`)
      : [],
  );
  const vnets = allRegions(topology).flatMap(({ at, it }) =>
    [
      { at: `${at}.hub.addressSpace`, it: it.hub?.addressSpace },
      { at: `${at}.spoke.addressSpace`, it: it.spoke?.addressSpace },
    ].flatMap(({ at, it }) => (it === undefined ? [] : [{ at, it }])),
  );
  // Several regions and stamps may use one existing hub: it is compared with spokes and built hubs only.
  const existing = allRegions(topology).flatMap(({ at, it }) =>
    placed<string>(it.existingHub?.addressSpaces, `${at}.existingHub.addressSpaces`),
  );
  return vnets.flatMap((vnet, index) =>
    [...onPremises, ...existing, ...vnets.slice(0, index)]
      .filter((before) => overlap(before.it, vnet.it))
      .map((before) => ({
        path: vnet.at,
        got: `"${vnet.it}"`,
        expected: `a block that does not overlap ${before.it} (${before.at})`,
        fix: "move one of the two",
      })),
  );
};
