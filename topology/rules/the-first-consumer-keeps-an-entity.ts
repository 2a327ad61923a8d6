import { declaredSourcesOf } from "../app-lists";
import type { WholeRule } from "./topology-rule";

/** A consumer that takes from nothing has no role on Service Bus, and an app for nothing. */
export const theFirstConsumerKeepsAnEntity: WholeRule = ({ stamps }) =>
  stamps.flatMap((stamp, index) =>
    stamp.consumers.length > 0 && declaredSourcesOf(stamp).length === 0
      ? [
          {
            path: `stamps[${index}].consumers`,
            got: "consumers that take from every queue and subscription",
            expected: "one or more that are left to the first consumer, functionApps.consumer",
            fix: "remove one of takes, or the last of consumers",
          },
        ]
      : [],
  );
