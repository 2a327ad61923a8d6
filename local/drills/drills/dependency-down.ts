import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { MessageFlow } from "../../flow/message-flow";
import { outageFile, type Waiting } from "../dependency/arrange";
import { type Drill, expectThat, nothingLost } from "../drill";

/** A dependency of the business logic is down for a while, and process() says later. */
function dependencyDown(waiting: Waiting, where: string, how: string): Drill {
  return {
    name: `dependency-down-${waiting}`,
    fault: `A dependency of process() is down for a minute, with messages in ${where}; process() throws Later.`,
    expected: `Nothing is lost and nothing dead-lettered: ${how}.`,
    regions: "primary",
    messages: 60,
    fewest: 1,
    waiting,
    async run(flow, { messages, outageMs, folder }) {
      const file = outageFile(folder);
      writeFileSync(file, "");
      await flow.posting.post({ count: messages, batch: 20, region: flow.primary.location });
      await pause(outageMs);
      rmSync(file);
      await flow.draining.drained(180_000);
    },
    check: (ledger, flow) => [
      ...nothingLost(ledger),
      ...expectThat(ledger.deadLettered.length === 0, `dead-lettered: ${ledger.deadLettered.length}`),
      ...expectThat(deferrals(flow) > 0, "no message was deferred: the drill shows nothing"),
      ...expectThat(ledger.accepted === ledger.posted, `accepted ${ledger.accepted} of ${ledger.posted}`),
    ],
  };
}

function deferrals({ local }: MessageFlow): number {
  return local.host.apps
    .flatMap(({ instances }) => instances)
    .map(({ logPath }) => readFileSync(logPath, "utf8").split(String.raw`\"event\":\"deferred\"`).length - 1)
    .reduce((sum, count) => sum + count, 0);
}

export const dependencyDownForAQueue = dependencyDown(
  "queue",
  "a queue with duplicate detection",
  "a scheduled copy with an id of its own replaces each message",
);
export const dependencyDownForASubscription = dependencyDown(
  "subscription",
  "a subscription",
  "each message waits as long as its lock allows, and is delivered again",
);
export const dependencyDownForSessions = dependencyDown(
  "session",
  "sessions of a queue",
  "each session waits in its order, and is delivered again",
);
