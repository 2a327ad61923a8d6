import type { SynthesizedStack } from "../synthesized/cdktf-out";
import type { Topology } from "../topology/schema";
import type { DeclaredFlow } from "./declared/declared-flow";
import type { Model } from "./network/model";
import type { Origin } from "./network/origin";
import type { Step } from "./reach/flight";
import type { Reach } from "./reach/reach";

/** What claims are checked on. */
export interface Proof {
  readonly stacks: readonly SynthesizedStack[];
  readonly model: Model;
  readonly reach: Reach;
}

/** The same, with the flows that are declared. */
export interface FlowProof extends Proof {
  readonly flows: readonly DeclaredFlow[];
}

/** The same, with the topology that declares them. */
export interface DeclaredProof extends FlowProof {
  readonly topology: Topology;
}

/** A place where a claim does not hold. */
export interface Violation {
  /** What does not hold, in a sentence. */
  readonly what: string;
  readonly origin: Origin;
  /** How it comes to that. */
  readonly trace?: readonly Step[];
}

interface ClaimBase {
  readonly name: string;
  /** What happens in Azure where it does not hold. */
  readonly why: string;
  /** @default error */
  readonly severity?: "error" | "warning";
}

/** What holds of every locked-down network. */
export interface GeneralClaim extends ClaimBase {
  readonly needs: "stacks";
  readonly check: (proof: Proof) => Violation[];
}

/** What holds where it is declared who reaches whom. */
export interface FlowClaim extends ClaimBase {
  readonly needs: "flows";
  readonly check: (proof: FlowProof) => Violation[];
}

/** What holds where the topology declares what is meant. */
export interface DeclaredClaim extends ClaimBase {
  readonly needs: "topology";
  readonly check: (proof: DeclaredProof) => Violation[];
}

export type Claim = GeneralClaim | FlowClaim | DeclaredClaim;
