import type { SynthesizedStack } from "../synthesized/cdktf-out";
import type { Topology } from "../topology/schema";
import type { Claim, Proof, Violation } from "./claim";
import { CLAIMS } from "./claims";
import type { DeclaredFlow } from "./declared/declared-flow";
import { declaredFlows } from "./declared/declared-flows";
import { modelFrom } from "./network/from-stacks";
import type { Model, Unmodelled } from "./network/model";
import { builtInOrigin, type Origin } from "./network/origin";
import { originNamed } from "./network/terraform/origins";
import type { ProofRule } from "./proof-rule";
import type { Step } from "./reach/flight";
import { Reach } from "./reach/reach";
import { RULES } from "./rules";

/** A place in the stacks where a rule or a claim does not hold. */
export interface Finding {
  /** The rule's or the claim's name. */
  readonly rule: string;
  readonly severity: "error" | "warning";
  /** Where and what, in a sentence. */
  readonly what: string;
  /** What would happen in Azure. */
  readonly why: string;
  readonly origin?: Origin;
  readonly trace?: readonly Step[];
}

/** What was checked, and what was found. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** Names of the rules and claims that were checked. */
  readonly checked: readonly string[];
  /** Claims that were not, because nothing says what is declared. */
  readonly unchecked: readonly string[];
  /** What the model lacks: nothing is proved while there is any. */
  readonly unmodelled: readonly Unmodelled[];
  /** None where the model cannot be read. */
  readonly reach?: Reach;
}

export interface ProveOptions {
  /** What is declared. @default nothing: claims that need it are not checked */
  readonly topology?: Topology;
  /** Flows that are declared beside a topology, or without one. @default those of the topology */
  readonly flows?: (reach: Reach) => readonly DeclaredFlow[];
  /** @default all of them */
  readonly rules?: readonly ProofRule[];
  /** @default all of them */
  readonly claims?: readonly Claim[];
}

/** The findings alone. @returns none where everything holds */
export function prove(stacks: readonly SynthesizedStack[], options: ProveOptions = {}): readonly Finding[] {
  return verdictOn(stacks, options).findings;
}

/** The model alone, for questions and matrices: nothing is checked. */
export function modelled(stacks: readonly SynthesizedStack[]): Verdict {
  return verdictOn(stacks, { rules: [], claims: [] });
}

/** Checks every rule and every claim on the synthesized stacks. @throws what `flows` throws: it is the user's */
export function verdictOn(
  stacks: readonly SynthesizedStack[],
  { topology, flows, rules = RULES, claims = CLAIMS }: ProveOptions = {},
): Verdict {
  const byRules = rules.flatMap((rule) => brokenRule(rule, stacks));
  const names = rules.map(({ name }) => name);
  const read = modelOf(stacks, flows ? undefined : topology);
  if ("unread" in read) {
    return {
      findings: [...byRules, read.unread],
      checked: names,
      unchecked: claims.map(({ name }) => name),
      unmodelled: [],
    };
  }
  const { model, reach, declared } = read;
  const given = { proof: { stacks, model, reach }, flows: flows?.(reach) ?? declared, topology };
  const possible = claims.filter(
    ({ needs }) => needs === "stacks" || (needs === "flows" ? given.flows : topology) !== undefined,
  );
  return {
    findings: [
      ...byRules,
      ...model.unmodelled.map(unmodelledFinding),
      ...possible.flatMap((claim) => brokenClaim(claim, given)),
    ],
    checked: [...names, ...possible.map(({ name }) => name)],
    unchecked: claims.filter((claim) => !possible.includes(claim)).map(({ name }) => name),
    unmodelled: model.unmodelled,
    reach,
  };
}

interface ReadModel {
  readonly model: Model;
  readonly reach: Reach;
  readonly declared?: readonly DeclaredFlow[];
}

/** The model, and the flows that a topology declares for it; or a finding that says why it cannot be read. */
function modelOf(
  stacks: readonly SynthesizedStack[],
  topology: Topology | undefined,
): ReadModel | { readonly unread: Finding } {
  try {
    const model = modelFrom(stacks);
    const reach = new Reach(model);
    return { model, reach, ...(topology ? { declared: declaredFlows(topology, reach) } : {}) };
  } catch (error) {
    return { unread: { ...unreadBy(error, stacks), rule: MODEL, severity: "error", why: WHOLE } };
  }
}

/** A stack that a rule cannot read is a finding of its own: the other rules are still checked. */
function brokenRule({ name, why, check }: ProofRule, stacks: readonly SynthesizedStack[]): Finding[] {
  const finding = (what: string): Finding => {
    const origin = originNamed(stacks, what);
    return { rule: name, severity: "error", what, why, ...(origin ? { origin } : {}) };
  };
  try {
    return check(stacks).map(finding);
  } catch (error) {
    return [finding(unreadBy(error, stacks).what)];
  }
}

/** The name by which a model that is not whole is reported. */
const MODEL = "the-model-is-whole";
const WHOLE = "What is not in the model may open or close any way: nothing is proved while it is not.";

function unmodelledFinding({ resource, why, origin }: Unmodelled): Finding {
  return { rule: MODEL, severity: "error", what: `${resource} is not modelled, and ${why}`, why: WHOLE, origin };
}

interface Given {
  readonly proof: Proof;
  readonly flows?: readonly DeclaredFlow[] | undefined;
  readonly topology?: Topology | undefined;
}

function brokenClaim(claim: Claim, given: Given): Finding[] {
  const { name, why, severity = "error" } = claim;
  const finding = (violation: Violation): Finding => ({ rule: name, severity, why, ...violation });
  try {
    return violationsOf(claim, given).map(finding);
  } catch (error) {
    return [finding({ origin: builtInOrigin(name), ...unreadBy(error, given.proof.stacks) })];
  }
}

function violationsOf(claim: Claim, { proof, flows, topology }: Given): Violation[] {
  if (claim.needs === "stacks") return claim.check(proof);
  if (!flows) return [];
  if (claim.needs === "flows") return claim.check({ ...proof, flows });
  return topology ? claim.check({ ...proof, flows, topology }) : [];
}

/** What could not be read, and where it is if the error names it. */
function unreadBy(error: unknown, stacks: readonly SynthesizedStack[]): Pick<Finding, "what" | "origin"> {
  const what = `This could not be checked: ${error instanceof Error ? error.message : String(error)}`;
  const origin = originNamed(stacks, what);
  return { what, ...(origin ? { origin } : {}) };
}

/** What the model lacks, as a message shows it. */
export function unmodelledText(unmodelled: readonly Unmodelled[]): string {
  return [
    "Nothing is proved. Not in the model:",
    ...unmodelled.map(({ resource, why }) => `  ${resource}: ${why}`),
  ].join("\n");
}

/** Findings as a message shows them: the places of each rule together, with what follows from them. */
export function findingsText(findings: readonly Finding[]): string {
  const rules = new Map<string, Finding[]>();
  for (const finding of findings) rules.set(finding.rule, [...(rules.get(finding.rule) ?? []), finding]);
  return [...rules]
    .flatMap(([rule, group]) => [`${rule}: ${group[0]?.why ?? ""}`, ...group.map(({ what }) => `  ${what}`)])
    .join("\n");
}
