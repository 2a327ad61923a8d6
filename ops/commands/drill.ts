import { UsageError } from "../../failure";
import { type Drill, needsAPair, redelivered } from "../../local/drills/drill";
import { DRILLS } from "../../local/drills/drills";
import { type DrillOutcome, runDrill } from "../../local/drills/run-drill";
import { EMPTY_PROCESS_NOTE } from "../../local/empty-process/empty-process";
import { command, run } from "../frame/command";
import { temporaryFolder } from "../frame/ending";
import { json, whole } from "../frame/options";
import { table } from "../frame/table";
import { startLocal } from "../running/start-local";
import { stacksOfStamp, stampNamed } from "../selection";
import { synthesizeAside } from "../synthesize-aside";

interface DrillCommandOptions {
  readonly seed: number;
  readonly messages?: number;
  readonly stamp?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

run(
  command({
    name: "npm run drill --",
    description: "Runs the stacks with one fault for each drill, and checks the ledger against what is expected.",
    examples: [
      ["npm run drill", "all drills"],
      ["npm run drill -- --list", "what there is"],
      ["npm run drill -- failback --seed 7", "one drill, with other random choices"],
    ],
  })
    .argument("[drills...]", "names of drills; none: all")
    .option("--seed <number>", "the seed of the random choices", whole(1, 1_000_000), 1)
    .option("--messages <count>", "messages for each drill; none: each drill's own number", whole(1, 1_000_000))
    .option("--stamp <name>", "the stamp to run, where there are several; none: the first")
    .option("--list", "list the drills, what each expects, and which need a pair of regions")
    .option("--json", "print the drills and their outcomes as JSON, and nothing else")
    .action((names: string[], options: DrillCommandOptions) => drill(names, options)),
);

async function drill(
  names: readonly string[],
  { seed, messages, stamp: name, list, json: asJson }: DrillCommandOptions,
): Promise<void> {
  const drills = chosen(names);
  const say = (text: string) => asJson || process.stdout.write(text);
  if (list) {
    say(drills.map(described).join("\n"));
    if (asJson) process.stdout.write(json(drills.map(entryOf)));
    return;
  }
  for (const { name, fewest } of drills) {
    if (messages !== undefined && messages < fewest) {
      throw new UsageError(`The drill ${name} needs at least ${fewest} messages to show anything: raise --messages.`);
    }
  }
  const { topology, stacks: all } = synthesizeAside();
  const stamp = stampNamed(topology, name);
  const stacks = stacksOfStamp(all, stamp);
  const isPaired = stamp.pairing?.state === "paired";
  const impossible = isPaired ? [] : drills.filter(needsAPair);
  if (names.length > 0 && impossible.length > 0) {
    throw new UsageError(
      `${impossible.map((each) => each.name).join(", ")}: a drill with a failover needs a pair of regions, and the topology has none. See --list for the others.`,
    );
  }
  if (impossible.length > 0) {
    say(`Left out, as the topology has no pair of regions: ${impossible.map((each) => each.name).join(", ")}.\n`);
  }
  say(`${EMPTY_PROCESS_NOTE}\n`);
  const outcomes: [Drill, DrillOutcome][] = [];
  for (const each of drills.filter((drill) => !impossible.includes(drill))) {
    say(`${each.name}: ${each.fault}\n`);
    const folder = temporaryFolder("locked-down-drill");
    const outcome = await runDrill(each, { stacks, seed, messages, folder, start: startLocal });
    outcomes.push([each, outcome]);
    say(`  ${verdictOf(each, outcome)}\n`);
  }
  say(`\n${summary(outcomes)}\n\nSeed ${seed}.\n`);
  if (asJson) {
    const ran = outcomes.map(([{ name: of }, outcome]) => ({ name: of, ...outcome }));
    process.stdout.write(json({ seed, leftOut: impossible.map((each) => each.name), drills: ran }));
  }
  if (outcomes.some(([, { findings }]) => findings.length > 0)) process.exitCode = 1;
}

function verdictOf({ expected }: Drill, { leftOut, findings }: DrillOutcome): string {
  if (leftOut !== undefined) return `Left out: ${leftOut}.`;
  return findings.length === 0 ? `As expected: ${expected}` : `NOT as expected: ${findings.join("; ")}`;
}

function described(drill: Drill): string {
  const { name, fault, expected } = drill;
  return [
    name,
    `  ${fault}`,
    `  Expected: ${expected}`,
    ...(needsAPair(drill) ? ["  Needs a pair of regions."] : []),
    "",
  ].join("\n");
}

function entryOf(drill: Drill) {
  const { name, fault, expected } = drill;
  return { name, fault, expected, needsAPair: needsAPair(drill) };
}

function summary(outcomes: readonly [Drill, DrillOutcome][]): string {
  return table(
    [
      "drill",
      "posted",
      "accepted",
      "redelivered",
      "dead-lettered",
      "stranded",
      "processed twice",
      "lost",
      "seconds",
      "",
    ],
    outcomes.map(([{ name }, { ledger, leftOut, findings, seconds }]) => [
      name,
      ...(ledger
        ? [
            ledger.posted,
            ledger.accepted,
            redelivered(ledger),
            ledger.deadLettered.length,
            ledger.stranded.length,
            ledger.repeated.length,
            ledger.lost.length,
          ]
        : Array<string>(7).fill("-")),
      Math.round(seconds),
      leftOut !== undefined ? "left out" : findings.length === 0 ? "as expected" : "NOT as expected",
    ]),
  );
}

/** @throws UsageError where a name is no drill's */
function chosen(names: readonly string[]): readonly Drill[] {
  if (names.length === 0) return DRILLS;
  return names.map((name) => {
    const found = DRILLS.find((each) => each.name === name);
    if (!found)
      throw new UsageError(`There is no drill "${name}", only ${DRILLS.map((each) => each.name).join(", ")}.`);
    return found;
  });
}
