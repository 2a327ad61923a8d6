import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runBench } from "./run";
import { inTurn, median, verdict } from "./statistics";

/**
 * npm run bench:synth — what synthesis costs, as ratios in one run.
 *
 * The two apps are compared by the command a user waits for, `cdktf synth`; the bench also prints the app's process alone, where the CLI's own
 * seconds do not flatter. Every run is a process of its own, and cases take turns, so that a machine that slows down slows all of them; medians
 * are compared.
 */
const ROUNDS = 5;
const folder = mkdtempSync(join(tmpdir(), "bench-"));

interface Measurement {
  /** The app's process, loading included, in ms. */
  readonly total: number;
  /** Of that: build and synthesis. */
  readonly synth: number;
  readonly peakMegabytes: number;
}

const ROOT = join(__dirname, "..");
const TSX = join(ROOT, "node_modules/tsx/dist/cli.mjs");

/** Runs a case in a process of its own, and reads what it reports. */
function measure(program: string, ...args: string[]): Measurement {
  return within(
    (outdir) =>
      JSON.parse(
        node([TSX, join(__dirname, "cases", `${program}.ts`), ...args], { CDKTF_OUTDIR: outdir }),
      ) as Measurement,
  );
}

/** Times `cdktf synth` around a case: what a user waits for, in ms. */
function cdktfSynth(program: string, ...args: string[]): number {
  return within((outdir) => {
    const app = [process.execPath, TSX, join(__dirname, "cases", `${program}.ts`), ...args].join(" ");
    const began = performance.now();
    node([join(ROOT, "node_modules/cdktf-cli/bundle/bin/cdktf"), "synth", "--app", app, "--output", outdir], {
      CHECKPOINT_DISABLE: "1",
    });
    return performance.now() - began;
  });
}

function within<Result>(work: (outdir: string) => Result): Result {
  const run = mkdtempSync(join(folder, "run-"));
  const outdir = join(run, "cdktf.out");
  mkdirSync(outdir);
  const result = work(outdir);
  rmSync(run, { recursive: true });
  return result;
}

function node(args: readonly string[], environment: NodeJS.ProcessEnv): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment, BENCH_FOLDER: folder },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stdout}\n${stderr}`);
  return stdout;
}

function summary(runs: readonly Measurement[]): Measurement {
  return {
    total: median(runs.map(({ total }) => total)),
    synth: median(runs.map(({ synth }) => synth)),
    peakMegabytes: Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

async function bench(): Promise<void> {
  const bundling = measure("bundle");
  const commands = await inTurn(
    { one: () => cdktfSynth("one-resource"), two: () => cdktfSynth("stamps", "1") },
    ROUNDS,
  );
  const [one, two] = [median(commands.one), median(commands.two)];
  console.log(
    `cdktf synth, two regions / one resource   ${(two / one).toFixed(2)}×   goal ≤ 1.5×   ${verdict(two / one <= 1.5)}`,
  );
  console.log(`  one-resource app      ${one.toFixed(0)} ms`);
  console.log(`  two-region app        ${two.toFixed(0)} ms, functions bundled before`);
  console.log(`  bundling beside it    ${bundling.total.toFixed(0)} ms`);

  const apps = await inTurn({ one: () => measure("one-resource"), two: () => measure("stamps", "1") }, ROUNDS);
  const [oneApp, twoApp] = [summary(apps.one), summary(apps.two)];
  console.log(`the app's process alone                   ${(twoApp.total / oneApp.total).toFixed(2)}×   no goal`);
  console.log(`  one-resource app      ${oneApp.total.toFixed(0)} ms, peak ${oneApp.peakMegabytes.toFixed(0)} MB`);
  console.log(`  two-region app        ${twoApp.total.toFixed(0)} ms, peak ${twoApp.peakMegabytes.toFixed(0)} MB`);

  const stamps = await inTurn(
    { s1: () => measure("stamps", "1"), s10: () => measure("stamps", "10"), s50: () => measure("stamps", "50") },
    3,
  );
  const [s1, s10, s50] = [summary(stamps.s1), summary(stamps.s10), summary(stamps.s50)];
  // What one more stamp costs, without what starting costs.
  const marginal = (s10.synth - s1.synth) / 9;
  const fifty = (s50.synth - s1.synth) / marginal + 1;
  console.log(`50 stamps / one stamp's marginal cost     ${fifty.toFixed(1)}×   goal ≤ 60×    ${verdict(fifty <= 60)}`);
  for (const [name, { synth, peakMegabytes }] of Object.entries({
    "1 stamp": s1,
    "10 stamps": s10,
    "50 stamps": s50,
  })) {
    console.log(`  ${name.padEnd(20)}  ${synth.toFixed(0)} ms, peak ${peakMegabytes.toFixed(0)} MB`);
  }
}

runBench(bench, folder);
