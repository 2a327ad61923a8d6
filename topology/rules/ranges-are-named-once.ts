import { overlap } from "../cidr";
import { placed, type Placed, repeated, stampsOf } from "../draft";
import type { TopologyRule } from "./topology-rule";

type ConditionalForward = { readonly servers: readonly string[] };

/** Azure refuses an NSG rule whose prefixes overlap: OverlappingSubnetsNotPermittedInSecurityRule (cloud-provider-azure#6775). */
export const rangesAreNamedOnce: TopologyRule = (topology) =>
  stampsOf(topology).flatMap(({ at, it }) => [
    ...(["callers", "deployAgents"] as const).flatMap((key) =>
      overlapping(placed<string>(it.access?.[key], `${at}.access.${key}`)),
    ),
    ...overlapping(placed<string>(it.access?.operators?.ranges, `${at}.access.operators.ranges`)),
    ...placed<ConditionalForward>(it.forwarders?.conditionalForwards, `${at}.forwarders.conditionalForwards`).flatMap(
      (forward) =>
        repeated(
          placed<string>(forward.it.servers, `${forward.at}.servers`).map(({ at, it: value }) => ({ at, value })),
        ).map(({ at: path, value, first }) => ({
          path,
          got: `"${value}"`,
          expected: `another server than ${first}`,
          fix: "name it once",
        })),
    ),
  ]);

function overlapping(ranges: readonly Placed<string>[]) {
  return ranges.flatMap(({ at: path, it: range }, index) => {
    const before = ranges.slice(0, index).find((other) => overlap(other.it, range));
    if (!before) return [];
    return [
      {
        path,
        got: `"${range}"`,
        expected: `a range that does not overlap ${before.it} (${before.at})`,
        fix: "name the larger one",
      },
    ];
  });
}
