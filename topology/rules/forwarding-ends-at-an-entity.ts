import { stampsOf } from "../draft";
import { entityNames } from "../entity-names";
import { forwardsOf } from "../forwarding";
import type { TopologyRule } from "./topology-rule";

export const forwardingEndsAtAnEntity: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const names = entityNames(stamp);
    return forwardsOf(stamp)
      .filter(({ from, to }) => names?.has(to) === false || to === from)
      .map(({ path, target }) => ({
        path,
        got: `"${target}"`,
        expected: "another queue or topic of this stamp",
        fix: "declare the target, or name one that is declared",
      }));
  });
