import { type Drill, expectThat, nothingLost } from "../drill";
import { whileHeld } from "../while-held";

export const lockLost: Drill = {
  name: "lock-lost",
  fault: "Service Bus loses every lock before the messages are completed.",
  expected:
    "Completion answers MessageLockLost. Each such message is delivered again, and is processed twice if its first processing was logged.",
  regions: "primary",
  messages: 1_000,
  fewest: 500,
  async run(flow, { messages }) {
    await whileHeld(flow, messages, () => {
      flow.local.broker.loseLocks(flow.primary.name);
    });
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat((ledger.redelivered["lock lost"] ?? 0) > 0, "no lock was held"),
    ...expectThat(ledger.repeated.length > 0, "nothing was processed twice"),
  ],
};
