import { failOver } from "../../flow/failover";
import { type Drill, expectThat, nothingLost } from "../drill";

export const slowSecondary: Drill = {
  name: "slow-secondary",
  fault: "The secondary's broker answers only some seconds after the alias has moved to it.",
  expected: "Clients get 503s for longer; nothing is lost.",
  regions: "both",
  messages: 1_000,
  async run(stage, { messages }) {
    await failOver(stage, { count: messages, batch: 20, secondaryLateMs: 4_000 });
  },
  check: (ledger) => [...nothingLost(ledger), ...expectThat(ledger.retried > 0, "no client had to post again")],
};
