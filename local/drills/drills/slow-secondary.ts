import { failOver } from "../../flow/failover";
import { type Drill, expectThat, nothingLost } from "../drill";

const LATE_MS = 4_000;

export const slowSecondary: Drill = {
  name: "slow-secondary",
  fault: "The secondary's broker answers only some seconds after the alias has moved to it.",
  expected: "Clients get 503s for longer; nothing is lost.",
  regions: "both",
  messages: 1_000,
  fewest: 400,
  async run(flow, { messages }) {
    const { outageMs } = await failOver(flow, { count: messages, batch: 20, secondaryLateMs: LATE_MS });
    if (outageMs < LATE_MS) throw new Error(`the outage was over after ${outageMs} ms, before the secondary answered`);
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat(ledger.retried > 0, "no client had to post again"),
    ...expectThat((ledger.answers["503"] ?? 0) > 0, "no client got a 503"),
  ],
};
