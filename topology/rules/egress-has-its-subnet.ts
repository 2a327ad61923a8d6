import { given, regionsOf, stampsOf } from "../draft";
import type { TopologyRule } from "./topology-rule";

export const egressHasItsSubnet: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const via = given(stamp.it, "egress", { via: "firewall" })?.via;
    if (via === undefined) return [];
    const [needed, unused] =
      via === "firewall"
        ? (["firewallSubnet", "gatewaySubnet"] as const)
        : (["gatewaySubnet", "firewallSubnet"] as const);
    return regionsOf(stamp).flatMap(({ at, it }) => [
      ...(it.hub && !(needed in it.hub)
        ? [
            {
              path: `${at}.hub.${needed}`,
              got: "nothing",
              expected: `a CIDR block, because egress goes via ${via}`,
              fix: `add ${needed}`,
            },
          ]
        : []),
      ...(it.hub?.[unused] !== undefined
        ? [
            {
              path: `${at}.hub.${unused}`,
              got: `"${it.hub[unused]}"`,
              expected: `nothing, because egress goes via ${via}`,
              fix: `remove ${unused}, or change egress.via`,
            },
          ]
        : []),
    ]);
  });
