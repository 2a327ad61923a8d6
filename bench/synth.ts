import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * npm run bench:synth — what synthesis costs, as ratios in one run.
 *
 * Every case is a process of its own, because memory is the process's and the provider's bindings load once. Cases take turns, so that a
 * machine that slows down slows all of them; the median of each is compared.
 */
const ROUNDS = 5;
const folder = mkdtempSync(join(tmpdir(), "bench-"));

interface Measurement {
  /** The whole process's own time from its first line, in ms. */
  readonly total: number;
  /** Of that: build and synthesis. */
  readonly synth: number;
  readonly peakMegabytes: number;
}

function measure(program: string, ...args: string[]): Measurement {
  const outdir = join(folder, `${program}-${args.join("-")}-${Date.now()}`, "cdktf.out");
  mkdirSync(outdir, { recursive: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", "tsx/cjs", join(__dirname, "cases", `${program}.ts`), ...args],
    {
      cwd: join(__dirname, ".."),
      env: { ...process.env, CDKTF_OUTDIR: outdir, BENCH_FOLDER: folder },
      encoding: "utf8",
    },
  );
  rmSync(join(outdir, ".."), { recursive: true });
  if (status !== 0) throw new Error(`${program} failed:\n${stderr}`);
  return JSON.parse(stdout) as Measurement;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs the cases in turn, round after round, and takes each one's median. */
function inTurn<Name extends string>(
  cases: Record<Name, () => Measurement>,
  rounds = ROUNDS,
): Record<Name, Measurement> {
  const names = Object.keys(cases) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as Measurement[]])) as unknown as Record<
    Name,
    Measurement[]
  >;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const measurement = cases[name]();
      // The first round warms the file cache and tsx's.
      if (round > 0) taken[name].push(measurement);
    }
  }
  const summary = (runs: readonly Measurement[]): Measurement => ({
    total: median(runs.map(({ total }) => total)),
    synth: median(runs.map(({ synth }) => synth)),
    peakMegabytes: Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes)),
  });
  return Object.fromEntries(names.map((name) => [name, summary(taken[name])])) as Record<Name, Measurement>;
}

const verdict = (holds: boolean) => (holds ? "met" : "MISSED");

try {
  const bundling = measure("bundle");
  const { one, two } = inTurn({ one: () => measure("one-resource"), two: () => measure("stamps", "1") });
  const ratio = two.total / one.total;
  console.log(`two regions / one resource     ${ratio.toFixed(2)}×   goal ≤ 1.5×   ${verdict(ratio <= 1.5)}`);
  console.log(`  one-resource app             ${one.total.toFixed(0)} ms, ${one.peakMegabytes.toFixed(0)} MB`);
  console.log(
    `  two-region app               ${two.total.toFixed(0)} ms, ${two.peakMegabytes.toFixed(0)} MB, functions bundled before`,
  );
  console.log(`  bundling the functions       ${bundling.total.toFixed(0)} ms beside it`);

  const { s1, s10, s50 } = inTurn(
    { s1: () => measure("stamps", "1"), s10: () => measure("stamps", "10"), s50: () => measure("stamps", "50") },
    3,
  );
  // What one more stamp costs, without what starting costs.
  const marginal = (s10.synth - s1.synth) / 9;
  const fifty = (s50.synth - s1.synth) / marginal + 1;
  console.log(`50 stamps / one's marginal     ${fifty.toFixed(1)}×   goal ≤ 60×    ${verdict(fifty <= 60)}`);
  for (const [name, { synth, peakMegabytes }] of Object.entries({
    "1 stamp": s1,
    "10 stamps": s10,
    "50 stamps": s50,
  })) {
    console.log(`  ${name.padEnd(28)} ${synth.toFixed(0)} ms, peak ${peakMegabytes.toFixed(0)} MB`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
