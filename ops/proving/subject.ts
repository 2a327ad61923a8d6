import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../../failure";
import type { ProveOptions } from "../../proof/prove";
import { DEFAULT_OUTDIR } from "../../synthesize";
import { readCdktfOut, type SynthesizedStack } from "../../synthesized/cdktf-out";
import { DECLARED } from "../../synthesized/outdir";
import { stacksFromPlans } from "../../synthesized/plan";
import { loadTopology } from "../../topology/load";
import { flowsIn } from "./declared-file";

export interface SubjectOptions {
  /** A folder that was synthesized to. @default `CDKTF_OUTDIR`, else cdktf.out */
  readonly stacks?: string;
  /** Files that `terraform show -json` wrote, in place of stacks. */
  readonly plan?: readonly string[];
  /** A file that declares flows. @default the topology beside the stacks */
  readonly claims?: string;
}

/** What is proved. */
export interface Subject {
  readonly stacks: readonly SynthesizedStack[];
  readonly declared: Pick<ProveOptions, "topology" | "flows">;
}

/** @throws Failure where there is nothing to read, or nothing whole */
export function subjectOf({ stacks: folder, plan, claims }: SubjectOptions): Subject {
  if (folder !== undefined && plan !== undefined) throw new UsageError("Name --stacks or --plan, not both.");
  const flows = claims === undefined ? {} : { flows: flowsIn(claims) };
  if (plan) return { stacks: stacksFromPlans(plan), declared: flows };
  const outdir = resolve(folder ?? (process.env.CDKTF_OUTDIR || DEFAULT_OUTDIR));
  const stacks = readCdktfOut(outdir);
  const topology = join(outdir, DECLARED);
  if (claims !== undefined || !existsSync(topology)) return { stacks, declared: flows };
  return { stacks, declared: { topology: loadTopology(topology) } };
}
