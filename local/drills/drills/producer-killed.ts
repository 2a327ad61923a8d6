import { type Drill, expectThat, noDuplicateDetection, nothingLost } from "../drill";

export const producerKilled: Drill = {
  name: "producer-killed",
  fault: "A producer instance is killed after Service Bus has taken the message and before the client is answered.",
  expected:
    "The client gets no answer and posts again with the same Idempotency-Key. Duplicate detection drops the second message, so each is processed once.",
  regions: "primary",
  messages: 300,
  fewest: 1,
  unfit: noDuplicateDetection,
  async run(flow, { messages }) {
    const region = flow.primary.location;
    const { instances } = flow.apps.producer(region);
    // Both, so that whichever had the request is dead.
    flow.local.broker.onNextSend(() => {
      for (const instance of instances) instance.kill();
    });
    const entities = flow.posting.entitiesWithDuplicateDetection();
    await flow.posting.post({ count: messages, batch: 1, region, entities, byKey: true });
    await flow.draining.drained(60_000);
  },
  check: (ledger, flow) => [
    ...nothingLost(ledger),
    ...expectThat(ledger.retried > 0, "no client had to post again"),
    ...expectThat(ledger.repeated.length === 0, `${ledger.repeated.length} were processed twice`),
    ...expectThat(
      flow.apps.producer(flow.primary.location).instances.every(({ restarts }) => restarts === 1),
      "the instances were not started again",
    ),
  ],
};
