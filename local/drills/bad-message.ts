import { isAccountedFor } from "../flow/destinations";
import type { Ledger } from "../flow/ledger";
import type { MessageFlow } from "../flow/message-flow";
import { type Drill, expectThat, nothingLost, redelivered } from "./drill";
import { sendRaw } from "./raw-message";

export interface BadMessageProps {
  readonly name: string;
  readonly fault: string;
  /** What the ids of the bad messages start with: `<prefix>-<entity>`. */
  readonly prefix: string;
  readonly body: string;
}

/** A drill with a bad message in each entity, among good ones. */
export function badMessage({ name, fault, prefix, body }: BadMessageProps): Drill {
  return {
    name,
    fault,
    expected:
      "It goes to the queue of refused messages. Where no such queue is declared, it is delivered maxDeliveryCount times and then dead-lettered. Other messages are processed meanwhile.",
    regions: "primary",
    messages: 100,
    fewest: 1,
    async run(flow, { messages }) {
      for (const entity of flow.posting.entities()) sendRaw(flow, entity, `${prefix}-${entity.name}`, body);
      await flow.posting.post({ count: messages, batch: 50, region: flow.primary.location });
      await flow.draining.drained(60_000);
    },
    check: (ledger, flow) => setAsideOnly(ledger, flow, prefix),
  };
}

/**
 * The bad messages, one to each entity, are set aside wherever they were delivered, and nothing else is: refused, or dead-lettered after all their deliveries.
 *
 * @param prefix of their ids: `<prefix>-<entity>`
 */
function setAsideOnly(ledger: Ledger, flow: MessageFlow, prefix: string): string[] {
  const found = ledger.refusedForGood.length > 0 ? ledger.refusedForGood : ledger.deadLettered;
  const destinations = flow.posting
    .entities()
    .flatMap(({ name }) => flow.observing.destinations(name).map((at) => ({ id: `${prefix}-${name}`, at })));
  const isAt = ({ id, at }: (typeof destinations)[number]) =>
    found.some(({ messageId, source }) => messageId === id && isAccountedFor(at, (each) => each === source));
  const missing = destinations.filter((each) => each.at.certain && !isAt(each));
  const others = found.filter(
    ({ messageId, source }) =>
      !destinations.some(({ id, at }) => id === messageId && isAccountedFor(at, (each) => each === source)),
  );
  const certain = destinations.filter(({ at }) => at.certain);
  const reasons = [...new Set(found.map(({ reason }) => reason))];
  return [
    ...nothingLost(ledger),
    ...expectThat(
      missing.length === 0,
      `not set aside: ${missing.map(({ id, at }) => `${id} at ${at.source}`).join(", ")}`,
    ),
    ...expectThat(
      others.length === 0,
      `set aside, and should not be: ${others.map(({ messageId, source }) => `${messageId} at ${source}`).join(", ")}`,
    ),
    ...(ledger.refusedForGood.length > 0
      ? []
      : [
          ...expectThat(reasons.join() === "MaxDeliveryCountExceeded", `reasons: ${reasons.join(", ")}`),
          ...expectThat(
            redelivered(ledger) >= certain.length * (fewestDeliveries(flow) - 1),
            `they were delivered again ${redelivered(ledger)} times, fewer than maxDeliveryCount says`,
          ),
        ]),
  ];
}

function fewestDeliveries({ local, primary }: MessageFlow): number {
  const { queues, topics } = local.azure.entitiesOf(primary.id);
  const counts = [...queues, ...topics.flatMap(({ subscriptions }) => subscriptions)].map(
    (each) => each.maxDeliveryCount,
  );
  return Math.min(...counts);
}
