import { type Drill, expectThat, manyHeld, nothingLost } from "../drill";

export const lockLost: Drill = {
  name: "lock-lost",
  fault: "Service Bus loses every lock before the messages are completed.",
  expected:
    "Completion answers MessageLockLost; each such message is delivered again, and processed twice where the first time was logged.",
  regions: "primary",
  messages: 1_000,
  fewest: 500,
  async run(flow, { messages }) {
    const posting = flow.posting.post({ count: messages, batch: 50, region: flow.primary.location });
    const many = manyHeld(flow);
    await flow.draining.until(
      `consumers hold ${many} messages`,
      () => flow.observing.processedCount > messages / 8 && flow.observing.held() >= many,
    );
    flow.local.broker.loseLocks(flow.primary.name);
    await posting;
    await flow.draining.drained(60_000);
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat((ledger.redelivered["lock lost"] ?? 0) > 0, "no lock was held"),
    ...expectThat(ledger.repeated.length > 0, "nothing was processed twice"),
  ],
};
