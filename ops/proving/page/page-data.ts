/**
 * What the page's script shows. A text, a step and a trace are each written once: the rest refers to them by their index, so that a page of many thousand ways stays small.
 */
export interface PageData {
  readonly texts: readonly string[];
  readonly steps: readonly StepRow[];
  /** Steps of each trace, in their order. */
  readonly traces: readonly (readonly number[])[];
  /** By address. */
  readonly ways: readonly WayRow[];
  /** By name. */
  readonly names: readonly WayRow[];
}

/** Texts. */
export type StepRow = readonly [stage: number, by: number, why: number, at: number];

/** Texts, and a trace. */
export type WayRow = readonly [
  from: number,
  /** Which of its hosts, where it is not all of them. */
  sources: number,
  to: number,
  /** Which hosts of the Internet, or what a name leads to. */
  detail: number,
  verdict: number,
  services: number,
  decidedBy: number,
  trace: number,
];
