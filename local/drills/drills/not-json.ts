import { sendRaw } from "../raw-message";
import type { Drill } from "../drill";
import { setAsideOnly } from "./poison-message";

export const notJson: Drill = {
  name: "not-json",
  fault: "A message that is not JSON.",
  expected:
    "It goes to the queue of refused messages; where none is declared, it is delivered maxDeliveryCount times and then dead-lettered. Others pass it by.",
  regions: "primary",
  messages: 100,
  fewest: 1,
  async run(flow, { messages }) {
    for (const entity of flow.posting.entities()) sendRaw(flow, entity, `text-${entity.name}`, "hello, {");
    await flow.posting.post({ count: messages, batch: 50, region: flow.primary.location });
    await flow.draining.drained(60_000);
  },
  check: (ledger, flow) => setAsideOnly(ledger, flow, "text"),
};
