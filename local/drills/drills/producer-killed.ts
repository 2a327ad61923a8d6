import { type Drill, expectThat, nothingLost } from "../drill";

export const producerKilled: Drill = {
  name: "producer-killed",
  fault: "A producer instance is killed after Service Bus has taken the message and before the client is answered.",
  expected:
    "The client gets no answer and posts again with the same Idempotency-Key; duplicate detection drops the second, so each is processed once.",
  regions: "primary",
  messages: 300,
  fewest: 1,
  async run(stage, { messages }) {
    const region = stage.primary.location;
    const { instances } = stage.producer(region);
    // Both, so that whichever had the request is dead.
    stage.local.broker.onNextSend(() => {
      for (const instance of instances) instance.kill();
    });
    await stage.post({ count: messages, batch: 1, region, byKey: true });
    await stage.drained(60_000);
  },
  check: (ledger, stage) => [
    ...nothingLost(ledger),
    ...expectThat(ledger.retried > 0, "no client had to post again"),
    ...expectThat(ledger.repeated.length === 0, `${ledger.repeated.length} were processed twice`),
    ...expectThat(
      stage.producer(stage.primary.location).instances.every(({ restarts }) => restarts === 1),
      "the instances were not started again",
    ),
  ],
};
