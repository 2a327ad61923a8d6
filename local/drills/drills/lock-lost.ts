import { type Drill, expectThat, MANY_HELD, nothingLost } from "../drill";

export const lockLost: Drill = {
  name: "lock-lost",
  fault: "Service Bus loses every lock before the messages are completed.",
  expected:
    "Completion answers MessageLockLost; each such message is delivered again, and processed twice where the first time was logged.",
  regions: "primary",
  messages: 1_000,
  fewest: 500,
  async run(stage, { messages }) {
    const posting = stage.post({ count: messages, batch: 50, region: stage.primary.location });
    await stage.until(
      `consumers hold ${MANY_HELD} messages`,
      () => stage.processedCount > messages / 8 && stage.held() >= MANY_HELD,
    );
    stage.local.broker.loseLocks(stage.primary.name);
    await posting;
    await stage.drained(60_000);
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat((ledger.redelivered["lock lost"] ?? 0) > 0, "no lock was held"),
    ...expectThat(ledger.repeated.length > 0, "nothing was processed twice"),
  ],
};
