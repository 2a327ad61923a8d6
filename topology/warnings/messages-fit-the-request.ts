import { requestLimitsOf } from "../request-limits";
import type { WarningRule } from "./warning";

/** An entity may take a message that the producer's limit for a request refuses. */
export const messagesFitTheRequest: WarningRule = ({ stamps }) =>
  stamps.flatMap((stamp, at) => {
    const { bytes } = requestLimitsOf(stamp);
    if (stamp.requests.maxBytes === undefined) return [];
    return [
      ...stamp.queues.map((queue, index) => ({ ...queue, path: `stamps[${at}].queues[${index}]` })),
      ...stamp.topics.map((topic, index) => ({ ...topic, path: `stamps[${at}].topics[${index}]` })),
    ]
      .filter(({ maxMessageSizeInKilobytes }) => maxMessageSizeInKilobytes * 1024 > bytes)
      .map(({ path, maxMessageSizeInKilobytes }) => ({
        path: `${path}.maxMessageSizeInKilobytes`,
        what: `the entity takes ${maxMessageSizeInKilobytes * 1024} bytes, and a request to the producer may have ${bytes}; it answers 413 to a larger one`,
        fix: "Raise requests.maxBytes, leave it out, or let other senders send what is larger",
      }));
  });
