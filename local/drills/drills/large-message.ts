import { requestLimits } from "../../../functions/producer/limits";
import type { MessageFlow } from "../../flow/message-flow";
import { type Drill, expectThat, nothingLost } from "../drill";

/** Below a mebibyte with its headers: every entity takes at least a mebibyte. */
const FITS = 1_040_000;
/** A body of that many bytes more than an entity takes is too large for it. */
const OVER = 1_500;
/** A message's own JSON beside its text. */
const BESIDE = 200;

export const largeMessage: Drill = {
  name: "large-message",
  fault: "A message of about a mebibyte, and one over the limit of the entity.",
  expected: "The first is processed, also in a batch. The second gets 413 and is not sent.",
  regions: "primary",
  messages: 4,
  fewest: 1,
  unfit: (flow) =>
    inOneRequest(flow) < 1 ? "requests.maxBytes of the topology is smaller than a mebibyte" : undefined,
  async run(flow, { messages }) {
    const region = flow.primary.location;
    const batch = Math.min(2, inOneRequest(flow));
    await flow.posting.post({ count: messages, batch, region, body: () => ({ text: "x".repeat(FITS) }) });
    const [smallest] = [...flow.posting.entities()].sort((one, other) => one.maxMessageBytes - other.maxMessageBytes);
    const text = "x".repeat((smallest?.maxMessageBytes ?? 0) + OVER);
    await flow.posting.post({
      count: 1,
      batch: 1,
      region,
      entities: smallest ? [smallest] : [],
      body: () => ({ text }),
    });
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

/** How many messages of about a mebibyte one request can bring. */
function inOneRequest({ apps, primary }: MessageFlow): number {
  const { items, bytes } = requestLimits(apps.producer(primary.location).app.settings);
  return Math.min(items, Math.floor(bytes / (FITS + BESIDE)));
}
