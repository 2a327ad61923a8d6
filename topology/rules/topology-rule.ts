import type { Draft } from "../draft";
import type { Mistake } from "../mistake";
import type { Topology } from "../schema";

/** What no single field can see. A rule reads a draft, says every mistake it finds, and never throws. */
export type TopologyRule = (topology: Draft<Topology>) => Mistake[];

/** What can be seen only once everything else is right. */
export type WholeRule = (topology: Topology) => Mistake[];
