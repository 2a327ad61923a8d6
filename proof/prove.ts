import type { SynthesizedStack } from "../synthesized/cdktf-out";
import type { ProofRule } from "./proof-rule";
import { RULES } from "./rules";

/** A place in the stacks where a rule is broken. */
export interface Finding {
  /** The rule's name. */
  readonly rule: string;
  /** Where and what, in a sentence. */
  readonly what: string;
  /** What would happen in Azure. */
  readonly why: string;
}

/**
 * Checks every rule on the synthesized stacks.
 *
 * @param rules @default all of them
 * @returns none where every rule holds
 */
export function prove(stacks: readonly SynthesizedStack[], rules: readonly ProofRule[] = RULES): Finding[] {
  return rules.flatMap(({ name, why, check }) => sentences(check, stacks).map((what) => ({ rule: name, what, why })));
}

/** A stack that a rule cannot read is a finding of its own: the other rules are still checked. */
function sentences(check: ProofRule["check"], stacks: readonly SynthesizedStack[]): string[] {
  try {
    return check(stacks);
  } catch (error) {
    return [`This could not be checked: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Findings as a message shows them: the places of each rule together, with what follows from them. */
export function findingsText(findings: readonly Finding[]): string {
  const rules = new Map<string, Finding[]>();
  for (const finding of findings) rules.set(finding.rule, [...(rules.get(finding.rule) ?? []), finding]);
  return [...rules]
    .flatMap(([rule, group]) => [`${rule}: ${group[0]?.why ?? ""}`, ...group.map(({ what }) => `  ${what}`)])
    .join("\n");
}
