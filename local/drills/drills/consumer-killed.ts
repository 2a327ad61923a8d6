import { type Drill, expectThat, nothingLost, SHORT_LOCK_MS } from "../drill";

export const consumerKilled: Drill = {
  name: "consumer-killed",
  fault: "A consumer instance is killed in the middle of its messages, one of them processed and not completed.",
  expected:
    "It is restarted. The messages that it held are delivered again when their locks expire, and those that it had processed are processed twice.",
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
    ...expectThat((ledger.redelivered["lock expired"] ?? 0) > 0, "nothing it held came back"),
    ...expectThat(ledger.repeated.length > 0, "nothing was processed twice"),
  ],
};
