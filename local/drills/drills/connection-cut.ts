import { type Drill, expectThat, manyHeld, nothingLost, SHORT_LOCK_MS } from "../drill";

export const connectionCut: Drill = {
  name: "connection-cut",
  fault: "Every connection to the broker is cut while consumers hold locks.",
  expected:
    "Consumers connect again; what they could not complete comes back when its lock expires, and is processed twice.",
  regions: "primary",
  messages: 1_000,
  fewest: 500,
  lockMs: SHORT_LOCK_MS,
  async run(flow, { messages }) {
    const posting = flow.posting.post({ count: messages, batch: 50, region: flow.primary.location });
    const many = manyHeld(flow);
    await flow.draining.until(
      `consumers hold ${many} messages`,
      () => flow.observing.processedCount > messages / 8 && flow.observing.held() >= many,
    );
    flow.local.broker.cut(flow.primary.name);
    await posting;
    await flow.draining.drained(60_000);
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat((ledger.redelivered["lock expired"] ?? 0) > 0, "nothing came back, so no lock was held"),
    ...expectThat(ledger.repeated.length > 0, "nothing was processed twice"),
  ],
};
