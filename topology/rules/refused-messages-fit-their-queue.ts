import type { WholeRule } from "./topology-rule";

/** A copy of what was refused has its size: where the queue takes less, the message goes round until Service Bus dead-letters it, without its reason. */
export const refusedMessagesFitTheirQueue: WholeRule = ({ stamps }) =>
  stamps.flatMap(({ queues, topics, refusedMessages }, stamp) => {
    const index = queues.findIndex(({ name }) => name.toLowerCase() === refusedMessages?.toLowerCase());
    const own = queues[index]?.maxMessageSizeInKilobytes;
    if (own === undefined) return [];
    const [largest] = [...queues, ...topics].sort((a, b) => b.maxMessageSizeInKilobytes - a.maxMessageSizeInKilobytes);
    if (!largest || largest.maxMessageSizeInKilobytes <= own) return [];
    return [
      {
        path: `stamps[${stamp}].queues[${index}].maxMessageSizeInKilobytes`,
        got: String(own),
        expected: `${largest.maxMessageSizeInKilobytes} or more, as ${largest.name} takes: refused messages of every entity come to this queue`,
        fix: "make it as large as the largest entity",
      },
    ];
  });
