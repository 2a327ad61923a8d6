import { sendRaw } from "../raw-message";
import type { Ledger } from "../../flow/ledger";
import type { MessageFlow } from "../../flow/message-flow";
import { type Drill, expectThat, nothingLost, redelivered } from "../drill";

export const poisonMessage: Drill = {
  name: "poison-message",
  fault: "A message that the consumer throws on at every delivery: JSON, but no object.",
  expected:
    "It goes to the queue of refused messages; where none is declared, it is delivered maxDeliveryCount times and then dead-lettered. Others pass it by.",
  regions: "primary",
  messages: 100,
  fewest: 1,
  async run(flow, { messages }) {
    for (const entity of flow.posting.entities()) sendRaw(flow, entity, `poison-${entity.name}`, '["no object"]');
    await flow.posting.post({ count: messages, batch: 50, region: flow.primary.location });
    await flow.draining.drained(60_000);
  },
  check: (ledger, flow) =>
    deadLetteredOnly(
      ledger,
      flow,
      flow.posting.entities().map(({ name }) => `poison-${name}`),
    ),
};

/** The bad ones are in the dead-letter queue with the reason, after all their deliveries, and nothing else is. */
export function deadLetteredOnly(ledger: Ledger, flow: MessageFlow, ids: readonly string[]): string[] {
  if (ledger.refusedForGood.length > 0) {
    const refused = ledger.refusedForGood.map(({ messageId }) => messageId).sort();
    return [
      ...nothingLost(ledger),
      ...expectThat(
        refused.join() === [...ids].sort().join(),
        `refused: ${refused.join(", ")}, expected ${ids.join(", ")}`,
      ),
    ];
  }
  const dead = ledger.deadLettered.map(({ messageId }) => messageId).sort();
  const reasons = new Set(ledger.deadLettered.map(({ reason }) => reason));
  return [
    ...nothingLost(ledger),
    ...expectThat(
      dead.join() === [...ids].sort().join(),
      `dead-lettered: ${dead.join(", ")}, expected ${ids.join(", ")}`,
    ),
    ...expectThat([...reasons].join() === "MaxDeliveryCountExceeded", `reasons: ${[...reasons].join(", ")}`),
    ...expectThat(
      redelivered(ledger) >= ids.length * (fewestDeliveries(flow) - 1),
      `they were delivered again ${redelivered(ledger)} times, fewer than maxDeliveryCount says`,
    ),
  ];
}

function fewestDeliveries({ local, primary }: MessageFlow): number {
  const { queues, topics } = local.azure.entitiesOf(primary.id);
  const counts = [...queues, ...topics.flatMap(({ subscriptions }) => subscriptions)].map(
    (each) => each.maxDeliveryCount,
  );
  return Math.min(...counts);
}
