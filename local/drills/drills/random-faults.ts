import { setTimeout as pause } from "node:timers/promises";
import type { Namespace } from "../../azure/azure";
import { failOver } from "../../flow/failover";
import type { MessageFlow } from "../../flow/message-flow";
import { type Drill, expectThat, nothingLost, SHORT_LOCK_MS } from "../drill";
import type { Random } from "../random";

/** A fault for about as many messages. */
const MESSAGES_A_FAULT = 1_500;
const BATCH = 100;

type InjectFault = (flow: MessageFlow, random: Random, at: Namespace) => void;

/** Each strikes at one of the two regions. */
const FAULTS: readonly InjectFault[] = [
  (flow, random, { location }) => {
    random.pick(flow.apps.consumer(location).instances).kill();
  },
  (flow, random, { location }) => {
    random.pick(flow.apps.producer(location).instances).kill();
  },
  ({ local }, _random, { name }) => {
    local.broker.cut(name);
  },
  ({ local }, _random, { name }) => {
    local.broker.loseLocks(name);
  },
  ({ local }, random) => {
    local.broker.swallowAnswers(random.between(1, 3));
  },
];

export const randomFaults: Drill = {
  name: "random-faults",
  fault:
    "Many messages, with kills, cut connections, lost locks and lost answers at random, and a failover at the end.",
  expected: "Nothing is lost, and every repeated processing has a cause.",
  regions: "both",
  messages: 100_000,
  fewest: 1_000,
  lockMs: SHORT_LOCK_MS,
  async run(flow, { messages, random }) {
    const { primary, secondary } = flow;
    const before = Math.ceil(messages * 0.8);
    await underFaults(flow, random, before, [primary], async () => {
      await flow.posting.post({ count: before, batch: BATCH, region: primary.location });
    });
    await flow.draining.drained(300_000);
    // Clients post to the primary region's producer all along; everything else may be struck in either region.
    await underFaults(flow, random, messages - before, secondary ? [primary, secondary] : [primary], async () => {
      await failOver(flow, { count: messages - before, batch: BATCH });
    });
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat(ledger.accepted === ledger.posted, `accepted ${ledger.accepted} of ${ledger.posted}`),
  ],
};

/** Each fault comes at a number of accepted messages, so that a seed repeats its order at any speed of the machine. */
async function underFaults(
  flow: MessageFlow,
  random: Random,
  messages: number,
  where: readonly Namespace[],
  work: () => Promise<void>,
): Promise<void> {
  const start = flow.posting.posted.accepted;
  const faults = Math.max(FAULTS.length, Math.round(messages / MESSAGES_A_FAULT));
  const planned = Array.from({ length: faults }, (_, index) => ({
    at: start + random.between(1, Math.max(1, messages - BATCH)),
    // Each kind once, then by chance.
    fault: FAULTS[index] ?? random.pick(FAULTS),
    namespace: random.pick(where),
  })).sort((one, other) => one.at - other.at);
  const state = { working: true };
  const striking = (async () => {
    for (const { at, fault, namespace } of planned) {
      while (state.working && flow.posting.posted.accepted < at) await pause(5);
      if (state.working) fault(flow, random, namespace);
    }
  })();
  try {
    await work();
  } finally {
    state.working = false;
    await striking;
  }
}
