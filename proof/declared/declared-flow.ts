import type { Intervals } from "../packets/intervals";
import type { Place } from "../reach/place";

/** A way that the topology declares: from a place, to addresses or to hosts on the Internet. */
export interface DeclaredFlow {
  readonly place: Place;
  /** In the network, or beyond it. */
  readonly to: Intervals;
  /** On the Internet, where the address is not known beforehand. `*.zone` is every name under a zone. */
  readonly hosts?: readonly string[];
  readonly service: Intervals;
  /** The names by which the place knows it. @default none: it uses the addresses */
  readonly names: readonly string[];
  readonly what: string;
  /** When the names are to lead there. @default always */
  readonly during?: "as deployed" | "after a failover";
  /** Whether what is at its end is not of the stacks: whether it arrives is then not decided here. @default false */
  readonly isElsewhere?: boolean;
}
