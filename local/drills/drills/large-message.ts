import { type Drill, expectThat, nothingLost } from "../drill";

/** Below a mebibyte with its headers, and above it without. */
const FITS = 1_040_000;
const TOO_LARGE = 1_050_000;

export const largeMessage: Drill = {
  name: "large-message",
  fault: "A message of about a mebibyte, and one over the limit of the entity.",
  expected: "The one is processed, whole batches of such too; the other is answered with 413 and never sent.",
  regions: "primary",
  messages: 4,
  fewest: 1,
  async run(flow, { messages }) {
    const region = flow.primary.location;
    await flow.posting.post({ count: messages, batch: 2, region, body: () => ({ text: "x".repeat(FITS) }) });
    const entities = flow.posting.entities().slice(0, 1);
    await flow.posting.post({ count: 1, batch: 1, region, entities, body: () => ({ text: "x".repeat(TOO_LARGE) }) });
    await flow.draining.drained(60_000);
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat(
      ledger.accepted === ledger.posted - 1,
      `accepted ${ledger.accepted} of ${ledger.posted}, expected all but one`,
    ),
    ...expectThat(ledger.answers["413"] === 1, `answered with 413: ${ledger.answers["413"] ?? 0}, expected 1`),
  ],
};
