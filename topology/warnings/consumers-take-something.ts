import { sourcesOf } from "../app-lists";
import type { WarningRule } from "./warning";

/** An app that takes from nothing runs, costs a worker's memory and processes no message: nearly always a list is wrong. */
export const consumersTakeSomething: WarningRule = ({ stamps }) =>
  stamps.flatMap((stamp, index) =>
    [undefined, ...stamp.consumers.map(({ name }) => name)].flatMap((consumer, place) => {
      if (stamp.consumers.length === 0 || sourcesOf(stamp, consumer).length > 0) return [];
      return [
        {
          path:
            consumer === undefined ? `stamps[${index}].consumers` : `stamps[${index}].consumers[${place - 1}].takes`,
          what: `${consumer ?? "the first consumer"} takes from no entity that hands out messages`,
          fix: "Leave it an entity, or give all to fewer consumers",
        },
      ];
    }),
  );
