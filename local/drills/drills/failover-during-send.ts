import { failOver } from "../../flow/failover";
import { type Drill, expectThat, nothingLost } from "../drill";

export const failoverDuringSend: Drill = {
  name: "failover-during-send",
  fault: "The primary takes messages and goes down before it has answered; the alias moves.",
  expected:
    "The messages are sent again to the secondary, whose duplicate detection has no record of the first send: they are processed in both regions.",
  regions: "both",
  messages: 2_000,
  fewest: 400,
  async run(flow, { messages }) {
    const { broker } = flow.local;
    await failOver(flow, {
      count: messages,
      batch: 20,
      // The last send before the end has no answer.
      before: async () => {
        const before = broker.faults.length;
        broker.swallowAnswers(1);
        await flow.draining.until("a send comes whose answer is lost", () => broker.faults.length > before);
      },
    });
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat(
      ledger.repeated.some(({ cause }) => cause?.includes("sent again to the other")),
      "no message was taken by both regions",
    ),
  ],
};
