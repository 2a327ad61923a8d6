import { stampsOf } from "../draft";
import { type Forward, forwardsOf, reaches } from "../forwarding";
import type { TopologyRule } from "./topology-rule";

/** learn.microsoft.com/azure/service-bus-messaging/service-bus-auto-forwarding */
const MOST_HOPS = 4;

/**
 * A message that is forwarded a fifth time ends in the transfer dead-letter queue of the entity that tried. Forwarding of dead letters counts too:
 * whether Azure counts it from zero is not documented.
 */
export const forwardingTakesFourHops: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const forwards = forwardsOf(stamp);
    // A loop has no length, and is a mistake of its own.
    const straight = forwards.filter(({ from, to }) => !reaches(forwards, to, from));
    const longest = new Map<Forward, Forward[]>();
    return straight
      .map((forward) => ({ forward, way: longestTo(straight, forward, longest) }))
      .filter(({ way }) => way.length === MOST_HOPS + 1)
      .map(({ forward, way }) => ({
        path: forward.path,
        got: [...way.map(({ from }) => from), forward.to].join(" → "),
        expected: `${MOST_HOPS} hops at most from the entity that is sent to: the next one ends in the transfer dead-letter queue`,
        fix: "forward to a later entity of the chain directly, or leave one out",
      }));
  });

/**
 * The longest way that ends with a forward, itself included.
 *
 * @param found what was found before, and is kept: ways that part and meet again are many
 */
function longestTo(forwards: readonly Forward[], last: Forward, found: Map<Forward, Forward[]>): Forward[] {
  const before = found.get(last);
  if (before) return before;
  const ways = forwards.filter(({ to }) => to === last.from).map((forward) => longestTo(forwards, forward, found));
  const way = [...ways.reduce((longest, each) => (each.length > longest.length ? each : longest), []), last];
  found.set(last, way);
  return way;
}
