import { type Drill, expectThat, noDuplicateDetection, nothingLost } from "../drill";

export const sameKeyTwice: Drill = {
  name: "same-key-twice",
  fault: "A request is posted twice with the same Idempotency-Key.",
  expected:
    "Both are answered with 202 and the same id. Duplicate detection drops the second, so the message is processed once.",
  regions: "primary",
  messages: 20,
  fewest: 1,
  unfit: noDuplicateDetection,
  async run(flow, { messages }) {
    const { url } = flow.apps.producer(flow.primary.location);
    for (let index = 0; index < messages; index += 1) {
      for (const entity of flow.posting.entitiesWithDuplicateDetection()) {
        const key = `key-${entity.name}-${index}`;
        flow.posting.posted.begin(key, entity.name);
        for (let time = 1; time <= 2; time += 1) {
          const began = Date.now();
          const response = await fetch(`${url}/api/messages/${entity.name}`, {
            method: "POST",
            headers: { "content-type": "application/json", "idempotency-key": key },
            body: JSON.stringify(entity.requiresSession ? { sessionId: key } : {}),
          });
          const { ids } = (await response.json()) as { ids?: string[] };
          const accepted = response.status === 202 && ids?.[0] === key;
          flow.posting.posted.note(key, {
            began,
            at: Date.now(),
            status: response.status,
            outcome: accepted ? "accepted" : "refused",
          });
        }
      }
    }
    await flow.draining.drained(60_000);
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat(ledger.refused === 0, `${ledger.refused} were not accepted under their key`),
    ...expectThat(ledger.retried === ledger.posted, "not every message was posted twice"),
    ...expectThat(ledger.repeated.length === 0, `${ledger.repeated.length} were processed twice`),
  ],
};
