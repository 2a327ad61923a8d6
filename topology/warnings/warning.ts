import type { Topology } from "../schema";

/** Something that is allowed and probably not meant. */
export interface Warning {
  /** Where, as in the file. */
  readonly path: string;
  readonly what: string;
  readonly fix: string;
}

/** What is worth a look in a topology without mistakes. */
export type WarningRule = (topology: Topology) => Warning[];

/** A warning in one line. */
export function warningText({ path, what, fix }: Warning): string {
  return `warning: ${path}: ${what}. ${fix}.`;
}
