import { type Drill, expectThat, nothingLost, SHORT_LOCK_MS } from "../drill";
import { whileHeld } from "../while-held";

export const connectionCut: Drill = {
  name: "connection-cut",
  fault: "Every connection to the broker is cut while consumers hold locks.",
  expected:
    "Consumers connect again. Messages that they could not complete are delivered again when their locks expire, and are processed twice.",
  regions: "primary",
  messages: 1_000,
  fewest: 500,
  lockMs: SHORT_LOCK_MS,
  async run(flow, { messages }) {
    await whileHeld(flow, messages, () => {
      flow.local.broker.cut(flow.primary.name);
    });
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat((ledger.redelivered["lock expired"] ?? 0) > 0, "nothing came back, so no lock was held"),
    ...expectThat(ledger.repeated.length > 0, "nothing was processed twice"),
  ],
};
