import { failOver } from "../../flow/failover";
import { pause, type Stage } from "../../flow/stage";
import { type Drill, expectThat, nothingLost } from "../drill";
import type { Random } from "../random";

/** A fault for about as many messages. */
const MESSAGES_A_FAULT = 1_500;
const BATCH = 100;

type Fault = (stage: Stage, random: Random) => void;

const FAULTS: readonly Fault[] = [
  (stage, random) => {
    random.pick(stage.consumer(stage.primary.location).instances).kill();
  },
  (stage, random) => {
    random.pick(stage.producer(stage.primary.location).instances).kill();
  },
  ({ local, primary }) => {
    local.broker.cut(primary.name);
  },
  ({ local, primary }) => {
    local.broker.loseLocks(primary.name);
  },
  ({ local }, random) => {
    local.broker.swallowAnswers(random.between(1, 3));
  },
];

export const randomFaults: Drill = {
  name: "random-faults",
  fault: "Many messages, with kills, cuts, lost locks and lost answers at random, and a failover at the end of them.",
  expected: "Nothing is lost, and whatever is processed more than once has a cause.",
  regions: "both",
  messages: 100_000,
  async run(stage, { messages, random }) {
    const underFaults = Math.ceil(messages * 0.8);
    const state = { posting: true };
    const faults = inject(stage, random, underFaults, state);
    await stage.post({ count: underFaults, batch: BATCH, region: stage.primary.location });
    state.posting = false;
    await faults;
    await stage.drained(300_000);
    await failOver(stage, { count: messages - underFaults, batch: BATCH });
  },
  check: (ledger) => [
    ...nothingLost(ledger),
    ...expectThat(ledger.accepted === ledger.posted, `accepted ${ledger.accepted} of ${ledger.posted}`),
  ],
};

/** Each fault comes at a number of accepted messages, so that a seed repeats its order whatever the machine's speed. */
async function inject(
  stage: Stage,
  random: Random,
  messages: number,
  state: { readonly posting: boolean },
): Promise<void> {
  const faults = Math.max(FAULTS.length, Math.round(messages / MESSAGES_A_FAULT));
  const moments = Array.from({ length: faults }, () => random.between(BATCH, Math.max(BATCH, messages - BATCH))).sort(
    (one, other) => one - other,
  );
  for (const [index, moment] of moments.entries()) {
    while (state.posting && stage.submissions.accepted < moment) await pause(5);
    // Each kind once, then by chance.
    const fault = FAULTS[index] ?? random.pick(FAULTS);
    fault(stage, random);
  }
}
