import type { DeclaredProof } from "../claim";
import type { RegionParts } from "../declared/region-parts";
import type { Origin } from "../network/origin";
import type { Decision } from "../reach/decide";

/** What shows that a step holds: a fact of the stacks, and where it is. */
export interface Evidence {
  readonly holds: boolean;
  readonly what: string;
  readonly origin?: Origin;
}

/** What a step is checked on: one stamp, its primary's region and the other one's. */
export interface Scene {
  readonly proof: DeclaredProof;
  readonly primary: RegionParts;
  /** @default the stamp has one region */
  readonly secondary?: RegionParts;
}

/** A step of the design document, by its own number. Each looks at its own evidence alone. */
export interface WalkStep {
  readonly says: string;
  readonly evidence: (scene: Scene) => readonly Evidence[];
}

/** A section of the design document. */
export interface Walk {
  readonly title: string;
  /** Why a topology has nothing of it. @returns nothing where it has */
  readonly absent?: (scene: Scene) => string | undefined;
  readonly steps: readonly WalkStep[];
}

export function fact(holds: boolean, what: string, origin?: Origin): Evidence {
  return { holds, what, ...(origin ? { origin } : {}) };
}

/** A way that is open, or what closes it. */
export function way({ verdict, steps }: Decision, what: string): Evidence {
  const last = steps.at(-1);
  const why = verdict === "reaches" ? "" : `: ${last?.by ?? ""}, ${last?.why ?? ""}`;
  const deciding = steps.find(({ stage }) => stage === "security group in") ?? last;
  return fact(verdict === "reaches", `${what}${why}`, verdict === "reaches" ? deciding?.origin : last?.origin);
}

/** @returns the item, or evidence that there is none */
export function missing(what: string): Evidence[] {
  return [fact(false, `there is no ${what}`)];
}
