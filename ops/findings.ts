import { type Finding, findingsText, prove } from "../proof/prove";
import type { SynthesizedStack } from "../synthesized/cdktf-out";
import { Failure } from "../failure";

/** Warns of each rule that the stacks break, on standard error. */
export function warnOfFindings(stacks: readonly SynthesizedStack[]): void {
  const findings = prove(stacks);
  if (findings.length > 0) process.stderr.write(`Warning: ${summary(findings)}\n\n`);
}

/** @throws Failure where the stacks break a rule: nothing is planned or applied then */
export function refuseFindings(stacks: readonly SynthesizedStack[]): void {
  const findings = prove(stacks);
  if (findings.length > 0) {
    throw new Failure(
      `${summary(findings)}\n\nNothing was planned or applied. Correct the constructs or the topology, and check again with npm run synth.`,
    );
  }
}

function summary(findings: readonly Finding[]): string {
  const count = findings.length === 1 ? "1 mistake" : `${findings.length} mistakes`;
  return `${count} in the synthesized stacks, which Azure would show only after a deployment.\n\n${findingsText(findings)}`;
}
