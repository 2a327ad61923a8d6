import type { ITerraformDependable } from "cdktf";
import type { IFilter } from "./connections";

/** Where 0.0.0.0/0 goes: the answer to forced tunneling. */
export interface IEgress {
  /** The route that sends everything there; none where on-premises announces it by BGP. */
  readonly defaultRoute?: { readonly nextHopType: string; readonly nextHopInIpAddress?: string };
  /** A UDR has to win over what BGP announces, except where BGP is the way. */
  readonly bgpRoutePropagation: boolean;
  /** What filters by name. @default on-premises does, unseen from here */
  readonly filter?: IFilter;
  /** Whether the peerings pass the hub's gateway on to the spoke. */
  readonly gatewayTransit: boolean;
  /** What must exist before a host boots that needs the egress. */
  readonly ready: ITerraformDependable[];
}
