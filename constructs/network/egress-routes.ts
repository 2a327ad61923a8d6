import { RouteTable } from "@cdktf/provider-azurerm/lib/route-table";
import type { Construct } from "constructs";
import type { IEgress } from "./egress";
import type { Placement } from "./placement";

/** The route table that sends a network's traffic to its egress, or leaves that to BGP. */
export function egressRoutes(
  scope: Construct,
  id: string,
  name: string,
  egress: IEgress,
  placement: Placement,
): RouteTable {
  return new RouteTable(scope, id, {
    ...placement,
    name,
    bgpRoutePropagationEnabled: egress.bgpRoutePropagation,
    route: egress.defaultRoute ? [{ name: "everything", addressPrefix: "0.0.0.0/0", ...egress.defaultRoute }] : [],
  });
}
