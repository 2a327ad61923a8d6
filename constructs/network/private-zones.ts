import type { Construct } from "constructs";

/** The zones that keep a region's private names, built or existing. */
export interface IPrivateZones {
  /** Their ARM ids. */
  readonly ids: readonly string[];
  /** Writes down what their owner has to do, where they are another owner's. */
  finish(scope: Construct): void;
}
