import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd, endWhenInterrupted } from "../ops/frame/ending";
import { Rehearsal } from "../ops/rehearsal/rehearsal";
import { table } from "../ops/frame/table";
import { loadTopology } from "../topology/load";
import { REFERENCE } from "./reference";
import { verdict } from "./statistics";

/**
 * npm run bench:rehearse — a whole rehearsal of the topology, stacks side by side against the same stacks one after another, and how much of the
 * processor's time is the local Azure's. Each is run once: azurerm's own waiting is most of it, and does not vary.
 */
const GOAL_RATIO = 0.6;
const GOAL_SHARE = 0.2;
/** Linux counts in these. */
const TICKS_A_SECOND = 100;

interface Run {
  /** Seconds, by phase. */
  readonly phases: Readonly<Record<string, number>>;
  /** Processor seconds of this process, which is the local Azure, and of what it started and waited for: Terraform, azurerm, the publisher. */
  readonly own: number;
  readonly terraform: number;
  /** Seconds that Resource Manager worked on requests. */
  readonly managing: number;
  readonly requests: number;
}

/** What an interruption has to end. */
let running: { readonly rehearsal: Rehearsal; readonly folder: string } | undefined;

endWhenInterrupted();
atEnd(async () => {
  running?.rehearsal.interrupt();
  await running?.rehearsal.ended();
  await running?.rehearsal.stop();
  if (running) rmSync(running.folder, { recursive: true, force: true });
});

async function rehearse(serially: boolean): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "bench-rehearse-"));
  const rehearsal = await Rehearsal.start({ topology: loadTopology(REFERENCE), folder, serially });
  running = { rehearsal, folder };
  const phases: Record<string, number> = {};
  const timed = async (phase: string, work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    phases[phase] = (performance.now() - began) / 1000;
  };
  try {
    await timed("synth, init, validate", async () => {
      await rehearsal.prepare();
      await rehearsal.validate();
    });
    const before = processor();
    await timed("plan, apply, re-plan", () => rehearsal.deploy());
    await timed("protection off", () => rehearsal.unprotect());
    await timed("destroy", () => rehearsal.destroy());
    const after = processor();
    const { load } = rehearsal.local.resourceManager;
    return {
      phases,
      own: after.own - before.own,
      terraform: after.children - before.children,
      managing: load.milliseconds / 1000,
      requests: load.requests,
    };
  } finally {
    await rehearsal.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Processor seconds so far: of this process, and of the children that have ended. */
function processor(): { own: number; children: number } {
  const { user, system } = process.cpuUsage();
  // proc(5): after the command's name in parentheses, the 14th and 15th of what is left are the children's.
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ")
    .map(Number);
  const ticks = (fields[13] ?? 0) + (fields[14] ?? 0);
  return { own: (user + system) / 1e6, children: ticks / TICKS_A_SECOND };
}

async function bench(): Promise<void> {
  const together = await rehearse(false);
  const inTurn = await rehearse(true);
  const rows = Object.keys(together.phases).map((phase) => {
    const [fast = 0, slow = 0] = [together.phases[phase], inTurn.phases[phase]];
    return [phase, `${fast.toFixed(0)} s`, `${slow.toFixed(0)} s`, (fast / slow).toFixed(2), "", ""];
  });
  const total = ({ phases }: Run) => Object.values(phases).reduce((sum, seconds) => sum + seconds, 0);
  const ratio = total(together) / total(inTurn);
  const all = together.own + together.terraform;
  const share = together.managing / all;
  process.stdout.write(
    `${table(
      ["", "side by side", "one after another", "ratio", "goal", ""],
      [
        ...rows,
        [
          "whole rehearsal",
          `${total(together).toFixed(0)} s`,
          `${total(inTurn).toFixed(0)} s`,
          ratio.toFixed(2),
          `<= ${GOAL_RATIO}`,
          verdict(ratio <= GOAL_RATIO),
        ],
        [
          "processor: Resource Manager of all",
          `${together.managing.toFixed(1)} s of ${all.toFixed(0)} s`,
          "",
          share.toFixed(2),
          `<= ${GOAL_SHARE}`,
          verdict(share <= GOAL_SHARE),
        ],
        ["its whole process", `${together.own.toFixed(0)} s`, "", (together.own / all).toFixed(2), "-", ""],
        ["requests", together.requests, "", "", "-", ""],
      ],
    )}\n`,
  );
}

bench().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
