import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rehearsal } from "../ops/rehearsal/rehearsal";
import { table } from "../ops/table";
import { loadTopology } from "../topology/load";

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
  /** Processor seconds of this process, which is the local Azure, and of Terraform with its providers. */
  readonly own: number;
  readonly terraform: number;
}

async function rehearse(serially: boolean): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "bench-rehearse-"));
  const rehearsal = await Rehearsal.start({ topology: loadTopology(), folder, serially });
  const phases: Record<string, number> = {};
  const timed = async (phase: string, work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    phases[phase] = (performance.now() - began) / 1000;
  };
  try {
    await rehearsal.prepare();
    await rehearsal.validate();
    const before = processor();
    await timed("plan, apply, re-plan", () => rehearsal.deploy());
    await timed("protection off", () => rehearsal.unprotect());
    await timed("destroy", () => rehearsal.destroy());
    const after = processor();
    return { phases, own: after.own - before.own, terraform: after.children - before.children };
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
  const share = together.own / (together.own + together.terraform);
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
          ratio <= GOAL_RATIO ? "met" : "NOT met",
        ],
        [
          "processor: local Azure of all",
          `${together.own.toFixed(0)} s of ${(together.own + together.terraform).toFixed(0)} s`,
          "",
          share.toFixed(2),
          `<= ${GOAL_SHARE}`,
          share <= GOAL_SHARE ? "met" : "NOT met",
        ],
      ],
    )}\n`,
  );
}

bench().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
