import { resourcesOf, type SynthesizedStack } from "../../synthesized/cdktf-out";
import { table } from "../frame/table";
import type { ChainLink } from "./longest-chain";
import type { Phase, PlannedChange, StackRun } from "./stack-run";

const PHASES: readonly Phase[] = ["plan", "apply", "re-plan", "destroy"];

/** What was taken through Terraform, how long it took, and what bounds a real deployment. */
export function reportOf(
  stacks: readonly SynthesizedStack[],
  runs: readonly StackRun[],
  chain: readonly ChainLink[],
): string {
  const rows = runs.map(({ name, times }) => {
    const stack = stacks.find((each) => each.name === name);
    return [name, stack ? resourcesOf(stack).length : 0, ...PHASES.map((phase) => secondsOf(times[phase]))];
  });
  return [
    table(["stack", "resources", ...PHASES], rows),
    "",
    `The longest chain of resources that wait for each other has ${chain.length}: a deployment takes as long as these at least, one after another.`,
    ...chain.map(({ stack, address }) => `  ${stack}: ${address}`),
    "",
  ].join("\n");
}

/** What plans say, a line for each change. */
export function changeLines(plans: ReadonlyMap<string, readonly PlannedChange[]>): string[] {
  return [...plans].flatMap(([stack, changes]) =>
    changes.length === 0
      ? [`${stack}: no changes`]
      : changes.map(
          ({ action, address, reason }) =>
            `${stack}: ${action} ${address}${reason === undefined ? "" : ` (${reason})`}`,
        ),
  );
}

function secondsOf(milliseconds: number | undefined): string {
  return milliseconds === undefined ? "-" : `${(milliseconds / 1000).toFixed(1)} s`;
}
