import { sendRaw } from "../raw-message";
import type { Drill } from "../drill";
import { deadLetteredOnly } from "./poison-message";

export const notJson: Drill = {
  name: "not-json",
  fault: "A message that is not JSON.",
  expected:
    "It goes to the queue of refused messages; where none is declared, it is delivered maxDeliveryCount times and then dead-lettered. Others pass it by.",
  regions: "primary",
  messages: 100,
  fewest: 1,
  async run(stage, { messages }) {
    for (const target of stage.targets()) sendRaw(stage, target, `text-${target.name}`, "hello, {");
    await stage.post({ count: messages, batch: 50, region: stage.primary.location });
    await stage.drained(60_000);
  },
  check: (ledger, stage) =>
    deadLetteredOnly(
      ledger,
      stage,
      stage.targets().map(({ name }) => `text-${name}`),
    ),
};
