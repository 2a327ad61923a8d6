import { Failure } from "../failure";
import { type Finding, findingsText, prove } from "../proof/prove";
import type { SynthesizedStack } from "../synthesized/cdktf-out";
import type { Topology } from "../topology/schema";
import { withSuppressions } from "./proving/suppressions";
import { suppressionsIn } from "./suppressions-file";

/** Stacks, and the topology that they are made of. */
export interface Synthesized {
  readonly stacks: readonly SynthesizedStack[];
  readonly topology: Topology;
}

/** Warns of each rule and claim that does not hold, on standard error. */
export function warnOfFindings(synthesized: Synthesized): void {
  const findings = findingsIn(synthesized);
  if (findings.length > 0) process.stderr.write(`Warning: ${summary(findings)}\n\n`);
}

/** @throws Failure where a rule or a claim does not hold: nothing is planned or applied then */
export function refuseFindings(synthesized: Synthesized): void {
  const findings = findingsIn(synthesized);
  if (findings.length > 0) {
    throw new Failure(
      `${summary(findings)}\n\nNothing was planned or applied. Correct the constructs or the topology, and check again with npm run prove; or suppress a finding, with a reason, in suppressions.json.`,
    );
  }
}

/** Those that no suppression, with its reason, excepts. */
function findingsIn({ stacks, topology }: Synthesized): readonly Finding[] {
  return withSuppressions(prove(stacks, { topology }), suppressionsIn().claims).findings;
}

function summary(findings: readonly Finding[]): string {
  const count = findings.length === 1 ? "1 mistake" : `${findings.length} mistakes`;
  return `${count} in the synthesized stacks, which Azure would show only after a deployment.\n\n${findingsText(findings)}`;
}
