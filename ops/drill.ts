import { rmSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import type { Drill } from "../local/drills/drill";
import { DRILLS } from "../local/drills/drills";
import { type DrillOutcome, runDrill } from "../local/drills/run-drill";
import { redelivered } from "../local/drills/drill";
import type { LocalAzure } from "../local/local-azure";
import { synthesize } from "../synthesize";
import { readCdktfOut } from "../synthesized/cdktf-out";
import { loadTopology } from "../topology/load";
import { UsageError } from "../topology/mistake";
import { onInterrupt, run } from "./command";
import { stacksOfStamp } from "./selection";
import { table } from "./table";

interface DrillCommandOptions {
  readonly seed: number;
  readonly messages?: number;
  readonly list?: boolean;
}

const program = new Command("npm run drill --")
  .description(
    "Brings faults about in the running stacks, one drill each, and checks the ledger against what is expected.",
  )
  .argument("[drills...]", "names of drills; none: all")
  .option("--seed <number>", "the seed of whatever is left to chance", whole, 1)
  .option("--messages <count>", "messages for each drill; none: each drill's own number", whole)
  .option("--list", "say what there is, and what is expected")
  .action((names: string[], options: DrillCommandOptions) => {
    run(() => drill(names, options));
  });

async function drill(names: readonly string[], { seed, messages, list }: DrillCommandOptions): Promise<void> {
  const drills = chosen(names);
  if (list) {
    for (const { name, fault, expected } of drills)
      process.stdout.write(`${name}\n  ${fault}\n  Expected: ${expected}\n\n`);
    return;
  }
  const running: { local?: LocalAzure; folder?: string } = {};
  onInterrupt(async () => {
    await running.local?.stop();
    if (running.folder !== undefined) rmSync(running.folder, { recursive: true, force: true });
  });
  for (const { name, fewest } of drills) {
    if (messages !== undefined && messages < fewest) {
      throw new UsageError(`The drill ${name} needs at least ${fewest} messages to show anything: raise --messages.`);
    }
  }
  const { outdir } = synthesize();
  const [stamp] = loadTopology().stamps;
  const stacks = stamp ? stacksOfStamp(readCdktfOut(outdir), stamp) : [];
  if (stamp?.pairing?.state !== "paired" && drills.some(({ regions }) => regions === "both")) {
    throw new UsageError(
      "The topology has no paired regions, and a drill with a failover needs them: name the others, see --list.",
    );
  }
  const outcomes: [Drill, DrillOutcome][] = [];
  for (const each of drills) {
    process.stdout.write(`${each.name}: ${each.fault}\n`);
    const outcome = await runDrill(each, { stacks, seed, messages, running });
    outcomes.push([each, outcome]);
    const verdict =
      outcome.findings.length === 0
        ? `As expected: ${each.expected}`
        : `NOT as expected: ${outcome.findings.join("; ")}`;
    process.stdout.write(`  ${verdict}\n`);
  }
  process.stdout.write(`\n${summary(outcomes)}\n\nSeed ${seed}.\n`);
  if (outcomes.some(([, { findings }]) => findings.length > 0)) process.exitCode = 1;
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
    outcomes.map(([{ name }, { ledger, findings, seconds }]) => [
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
      findings.length === 0 ? "as expected" : "NOT as expected",
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

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000_000)
    throw new InvalidArgumentError("It is a whole number from 1 to 1000000.");
  return value;
}

program.parse();
