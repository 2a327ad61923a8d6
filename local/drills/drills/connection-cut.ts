import { type Drill, expectThat, nothingLost, SHORT_LOCK_MS } from "../drill";
import { whileHeld } from "../while-held";

export const connectionCut: Drill = {
  name: "connection-cut",
  fault: "Every connection to the broker is cut while consumers hold locks.",
  expected:
    "Consumers connect again. A message that was not completed is delivered again when its lock expires, and is processed twice.",
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
    ...expectThat(
      (ledger.redelivered["lock expired"] ?? 0) > 0,
      "no lock expired, so no lock was held: the drill shows nothing",
    ),
    ...expectThat(ledger.repeated.length > 0, "nothing was processed twice"),
  ],
};
