import { type Drill, expectThat, MANY_HELD, nothingLost, SHORT_LOCK_MS } from "../drill";

export const connectionCut: Drill = {
  name: "connection-cut",
  fault: "Every connection to the broker is cut while consumers hold locks.",
  expected:
    "Consumers connect again; what they could not complete comes back when its lock expires, and is processed twice.",
  regions: "primary",
  messages: 1_000,
  fewest: 500,
  lockMs: SHORT_LOCK_MS,
  async run(stage, { messages }) {
    const posting = stage.post({ count: messages, batch: 50, region: stage.primary.location });
    await stage.until(
      `consumers hold ${MANY_HELD} messages`,
      () => stage.processedCount > messages / 8 && stage.held() >= MANY_HELD,
    );
    stage.local.broker.cut(stage.primary.name);
    await posting;
    await stage.drained(60_000);
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat((ledger.redelivered["lock expired"] ?? 0) > 0, "nothing came back, so no lock was held"),
    ...expectThat(ledger.repeated.length > 0, "nothing was processed twice"),
  ],
};
