import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApp } from "../app";
import { packageFunctions } from "../packaging/package-functions";
import { prove } from "../proof/prove";
import { readCdktfOut, type SynthesizedStack } from "../synthesized/cdktf-out";
import { ZERO_SUBSCRIPTION } from "../topology/arm-ids";
import { loadTopology } from "../topology/load";
import type { Topology } from "../topology/schema";
import { withoutStackTraces } from "../without-stack-traces";
import { Random } from "../local/drills/random";
import { manyStamps } from "./many-stamps";
import { fingerprint } from "./mutation/fingerprint";
import { isNamed, type Mutant, mutantsOf, mutated } from "./mutation/operators";
import { REFERENCE } from "./reference";
import { pageCost } from "./page";
import { runBench } from "./run";
import { inTurn, median, verdict } from "./statistics";

/**
 * npm run bench:proof — what the proof costs, and what it misses.
 *
 * The cost is that of every rule and every claim on stacks that are parsed already, beside cdktf's own synthesis of the same stacks in the same process. What it misses is counted by mutants:
 * changes of one place in the stacks' JSON, made by operators that know nothing of the claims. A mutant is killed where a finding follows, and equivalent where who reaches whom, every
 * name, right and order of deployment are what they were. `--all` takes every mutant, not a sample.
 */
const folder = mkdtempSync(join(tmpdir(), "bench-"));
const ROUNDS = 2;
const SAMPLE = 600;
const SEED = 14;

interface Cost {
  readonly synth: number;
  readonly proof: number;
  readonly megabytes: number;
}

let outdirs = 0;

function synthesized(topology: Topology): { readonly stacks: SynthesizedStack[]; readonly ms: number } {
  const outdir = join(folder, String(outdirs++));
  mkdirSync(outdir);
  const artifacts = packageFunctions();
  const began = performance.now();
  withoutStackTraces(() => {
    buildApp(topology, { artifacts, subscription: ZERO_SUBSCRIPTION, outdir }).synth();
  });
  const ms = performance.now() - began;
  return { stacks: readCdktfOut(outdir), ms };
}

function cost(stamps: number): Cost {
  const topology = manyStamps(stamps);
  const { stacks, ms } = synthesized(topology);
  const began = performance.now();
  const findings = prove(stacks, { topology });
  const proof = performance.now() - began;
  if (findings.length > 0) throw new Error(`The stacks do not hold: ${findings[0]?.what ?? ""}`);
  return { synth: ms, proof, megabytes: process.memoryUsage().rss / 1e6 };
}

async function costs(): Promise<void> {
  const taken = await inTurn({ one: () => cost(1), ten: () => cost(10), fifty: () => cost(50) }, ROUNDS);
  const middle = (runs: readonly Cost[], of: (run: Cost) => number) => median(runs.map(of));
  const one = middle(taken.one, ({ proof }) => proof);
  console.log(`one stamp's proof                 ${one.toFixed(0)} ms   goal ≤ 250 ms   ${verdict(one <= 250)}`);
  const beside = middle(taken.one, ({ proof, synth }) => proof / synth);
  console.log(`  of cdktf's synthesis            ${beside.toFixed(2)}×`);
  const perStamp = median(taken.fifty.map(({ proof }, round) => proof / 50 / ((taken.ten[round]?.proof ?? NaN) / 10)));
  console.log(`a stamp among 50 / among 10       ${perStamp.toFixed(2)}×   goal ≤ 1.5×   ${verdict(perStamp <= 1.5)}`);
  for (const [stamps, runs] of Object.entries(taken)) {
    const [proof, synth] = [middle(runs, (run) => run.proof), middle(runs, (run) => run.synth)];
    const megabytes = Math.max(...runs.map((run) => run.megabytes));
    console.log(
      `  ${`${stamps}:`.padEnd(7)} proof ${proof.toFixed(0)} ms, cdktf's synthesis ${synth.toFixed(0)} ms, resident ${megabytes.toFixed(0)} MB`,
    );
  }
}

function sampleOf(all: readonly Mutant[]): readonly Mutant[] {
  if (process.argv.includes("--all")) return all;
  const random = new Random(SEED);
  const left = [...all];
  const taken: Mutant[] = [];
  while (taken.length < SAMPLE && left.length > 0) taken.push(...left.splice(random.between(0, left.length - 1), 1));
  return taken;
}

function mutation(): void {
  const topology = loadTopology(REFERENCE);
  const { stacks } = synthesized(topology);
  const whole = fingerprint(stacks);
  const counts = { killed: 0, unnamed: 0, equivalent: 0, survived: 0 };
  const show: string[] = [];
  const all = mutantsOf(stacks);
  for (const mutant of sampleOf(all)) {
    const changed = mutated(stacks, mutant);
    if (!changed) continue;
    const findings = prove(changed, { topology });
    const text = `${mutant.operator} ${mutant.stack}: ${mutant.address} ${mutant.path.join(".")}`;
    if (findings.length > 0) {
      counts.killed += 1;
      if (!isNamed(mutant, stacks, findings)) {
        counts.unnamed += 1;
        show.push(`  not named: ${text}\n    ${findings[0]?.rule ?? ""}: ${findings[0]?.what ?? ""}`);
      }
    } else if (fingerprint(changed) === whole) counts.equivalent += 1;
    else {
      counts.survived += 1;
      show.push(`  survived: ${text}`);
    }
  }
  const { killed, unnamed, equivalent, survived } = counts;
  console.log(
    `mutants, of ${all.length}: killed ${killed}, equivalent ${equivalent}, survived ${survived}   goal 0 survived   ${verdict(survived === 0)}`,
  );
  console.log(`  killed without the resource named ${unnamed}`);
  for (const line of show) console.log(line);
  if (survived > 0) process.exitCode = 1;
}

runBench(async () => {
  await costs();
  await pageCost("10 stamps", synthesized(manyStamps(10)).stacks, folder);
  mutation();
}, folder);
