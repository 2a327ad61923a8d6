import type { SynthesizedStack } from "../synthesized/cdktf-out";

/** A mistake that Azure would show only after a deployment, looked for in the synthesized stacks. */
export interface ProofRule {
  readonly name: string;
  /** What happens in Azure where it is broken. */
  readonly why: string;
  /** One sentence for each place where it is broken; none where it holds. */
  readonly check: (stacks: readonly SynthesizedStack[]) => string[];
}
