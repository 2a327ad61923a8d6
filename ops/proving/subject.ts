import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Failure, UsageError } from "../../failure";
import type { ProveOptions } from "../../proof/prove";
import { DEFAULT_OUTDIR } from "../../synthesize";
import { readCdktfOut, resourcesOf, type SynthesizedStack } from "../../synthesized/cdktf-out";
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

/** @throws UsageError where what is to be proved cannot be read */
export function subjectOf({ stacks: folder, plan, claims }: SubjectOptions): Subject {
  if (folder !== undefined && plan !== undefined) throw new UsageError("Name --stacks or --plan, not both.");
  const flows = claims === undefined ? {} : { flows: flowsIn(claims) };
  if (plan) {
    const planned = stacksFromPlans(plan);
    if (planned.every((stack) => resourcesOf(stack).length === 0))
      throw new UsageError(`--plan: ${plan.join(", ")} plan no resource of azurerm, so there is nothing to prove.`);
    return { stacks: planned, declared: flows };
  }
  const outdir = outdirOf(folder);
  const stacks = stacksIn(outdir, folder === undefined ? "the stacks" : "--stacks");
  const topology = join(outdir, DECLARED);
  if (claims !== undefined || !existsSync(topology)) return { stacks, declared: flows };
  return { stacks, declared: { topology: loadTopology(topology) } };
}

/** The folder that is read, absolute. @param folder one that the user names */
export function outdirOf(folder: string | undefined): string {
  return resolve(folder ?? (process.env.CDKTF_OUTDIR || DEFAULT_OUTDIR));
}

/** @param option what names the folder @throws UsageError where it holds no stacks, or not all of them: that is no finding */
export function stacksIn(folder: string, option: string): SynthesizedStack[] {
  try {
    return readCdktfOut(resolve(folder));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new UsageError(`${option}: ${error.message}`);
  }
}
