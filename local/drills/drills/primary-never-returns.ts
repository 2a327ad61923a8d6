import { failOver } from "../../flow/failover";
import { type Drill, expectThat, nothingLost } from "../drill";

export const primaryNeverReturns: Drill = {
  name: "primary-never-returns",
  fault: "The primary does not come back.",
  expected: "The messages in it stay there: each is named as stranded. Everything accepted afterwards is processed.",
  regions: "both",
  messages: 2_000,
  fewest: 400,
  async run(flow, { messages }) {
    await failOver(flow, { count: messages, batch: 20, returns: false });
  },
  check: (ledger, flow) => {
    const left = flow.observing.openIds();
    return [
      ...nothingLost(ledger),
      ...expectThat(ledger.stranded.length > 0, "the primary had no message when it failed"),
      ...expectThat(
        ledger.stranded.join() === left.join(),
        `stranded ${ledger.stranded.length}, but ${left.length} are processed nowhere`,
      ),
    ];
  },
};
