import { longestOutageMs } from "../../functions/consumer/deferral";
import { secondsOf } from "../time-span";
import type { WarningRule } from "./warning";

const MINUTE_MS = 60_000;

/**
 * Where no copy can take a message's place, in subscriptions and in queues with sessions, `Later` holds it back for as long as its lock allows and uses up a delivery
 * each time: a short lock with few deliveries dead-letters healthy messages while something is down for a minute.
 */
export const deliveriesLastAMinute: WarningRule = ({ stamps }) =>
  stamps.flatMap(({ queues, topics }, stamp) =>
    [
      ...queues
        .map((queue, index) => ({ ...queue, path: `stamps[${stamp}].queues[${index}]` }))
        .filter(({ requiresSession }) => requiresSession),
      ...topics.flatMap(({ subscriptions }, topic) =>
        subscriptions.map((subscription, index) => ({
          ...subscription,
          path: `stamps[${stamp}].topics[${topic}].subscriptions[${index}]`,
        })),
      ),
    ]
      .filter(({ forwardTo }) => forwardTo === undefined)
      .flatMap(({ path, lockDuration, maxDeliveryCount }) => {
        const lasts = longestOutageMs(Math.floor(secondsOf(lockDuration) ?? 0), maxDeliveryCount);
        if (lasts >= MINUTE_MS) return [];
        return [
          {
            path: `${path}.maxDeliveryCount`,
            what: `with ${maxDeliveryCount} deliveries and a lock of ${lockDuration}, a message that process() puts off is dead-lettered after ${Math.round(lasts / 1_000)} s`,
            fix: "Raise maxDeliveryCount or lockDuration, so that what is down for a minute costs no healthy message",
          },
        ];
      }),
  );
