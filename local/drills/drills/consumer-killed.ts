import { type Drill, expectThat, nothingLost, SHORT_LOCK_MS } from "../drill";

export const consumerKilled: Drill = {
  name: "consumer-killed",
  fault: "A consumer instance is killed while it handles messages. One of them is processed and not completed.",
  expected:
    "The host starts it again. Messages that it held are delivered again when their locks expire. The processed one is processed twice.",
  regions: "primary",
  messages: 1_000,
  fewest: 100,
  lockMs: SHORT_LOCK_MS,
  async run(flow, { messages }) {
    const region = flow.primary.location;
    const posting = flow.posting.post({ count: messages, batch: 50, region });
    await flow.draining.until("some are processed", () => flow.observing.processedCount > messages / 8);
    flow.apps.consumer(region).instances[0]?.crashBeforeSettling();
    await posting;
    await flow.draining.drained(60_000);
  },
  check: (ledger, flow) => [
    ...nothingLost(ledger),
    ...expectThat(
      flow.apps.consumer(flow.primary.location).instances[0]?.restarts === 1,
      "the instance was not started again",
    ),
    ...expectThat((ledger.redelivered["lock expired"] ?? 0) > 0, "no message that it held was delivered again"),
    ...expectThat(ledger.repeated.length > 0, "nothing was processed twice"),
  ],
};
