import type { Stamp, Topology } from "../../topology/schema";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { declaredFlows } from "../declared/declared-flows";
import { regionParts } from "../declared/region-parts";
import type { Reach } from "../reach/reach";
import { consumerFlow } from "./consumer-flow";
import { crossRegion } from "./cross-region";
import { monitoringSetup } from "./monitoring-setup";
import { producerFlow } from "./producer-flow";
import type { Evidence, Scene, Walk } from "./step";

const WALKS: readonly Walk[] = [producerFlow, consumerFlow, monitoringSetup, crossRegion];

/** A step of the design document, with what shows it. */
export interface WalkedStep {
  /** By the document's own number. */
  readonly number: number;
  readonly says: string;
  readonly holds: boolean;
  readonly evidence: readonly Evidence[];
}

export interface WalkedSection {
  readonly title: string;
  /** Why the topology has nothing of it. @default it has */
  readonly absent?: string;
  readonly steps: readonly WalkedStep[];
}

/** The design document's own walk-throughs, step by step, on what was synthesized. */
export function walkThrough(
  stacks: readonly SynthesizedStack[],
  topology: Topology,
  stamp: Stamp,
  reach: Reach,
): WalkedSection[] {
  const parts = stamp.regions.map((region) => regionParts(stamp, region, reach));
  const primary = parts.find(({ region }) => region.location === stamp.primary);
  const secondary = parts.find(({ region }) => region.location !== stamp.primary);
  if (!primary) throw new Error(`The primary ${stamp.primary} is not among the regions.`);
  const proof = { stacks, model: reach.model, reach, topology, flows: declaredFlows(topology, reach) };
  const scene: Scene = { proof, primary, ...(secondary ? { secondary } : {}) };
  return WALKS.map(({ title, absent, steps }) => {
    const why = absent?.(scene);
    if (why !== undefined) return { title, absent: why, steps: [] };
    return {
      title,
      steps: steps.map(({ says, evidence }, index) => {
        const found = evidence(scene);
        return { number: index + 1, says, evidence: found, holds: found.every(({ holds }) => holds) };
      }),
    };
  });
}
