import { LARGEST_ITEM_BYTES } from "../../functions/producer/deadline";
import type { WarningRule } from "./warning";

/** An entity may take more than the producer can send before App Service ends the request: it answers 413 to what is larger. */
export const messagesFitTheDeadline: WarningRule = ({ stamps }) =>
  stamps.flatMap(({ queues, topics }, stamp) =>
    [
      ...queues.map((queue, index) => ({ ...queue, path: `stamps[${stamp}].queues[${index}]` })),
      ...topics.map((topic, index) => ({ ...topic, path: `stamps[${stamp}].topics[${index}]` })),
    ]
      .filter(({ maxMessageSizeInKilobytes }) => maxMessageSizeInKilobytes * 1024 > LARGEST_ITEM_BYTES)
      .map(({ path, maxMessageSizeInKilobytes }) => ({
        path: `${path}.maxMessageSizeInKilobytes`,
        what: `the entity takes ${maxMessageSizeInKilobytes * 1024} bytes, and the producer can send ${LARGEST_ITEM_BYTES} in time; it answers 413 to a larger message`,
        fix: `Set ${Math.floor(LARGEST_ITEM_BYTES / 1024)} or less, or let other senders send what is larger`,
      })),
  );
