import { stampsOf } from "../draft";
import { forwardsOf, reaches } from "../forwarding";
import type { TopologyRule } from "./topology-rule";

/** A loop would send messages round for ever, and no order could create it. */
export const forwardingHasNoLoop: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const forwards = forwardsOf(stamp).filter(({ from, to }) => from !== to);
    return forwards
      .filter(({ from, to }) => reaches(forwards, to, from))
      .map(({ path, target, from }) => ({
        path,
        got: `"${target}"`,
        expected: `an entity that does not forward back to ${from}`,
        fix: "break the loop",
      }));
  });
