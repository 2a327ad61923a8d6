import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located } from "../resources";
import { partOf, partsIn, text } from "./attributes";

export interface Route {
  /** The route table. */
  readonly resource: Located;
  readonly table: string;
  readonly name: string;
  /** A CIDR block or a service tag. */
  readonly prefix: string;
  /** azurerm's value: VirtualAppliance, VirtualNetworkGateway, … */
  readonly nextHop: string;
  /** An address, or the reference to it; none where the next hop is no appliance. */
  readonly nextHopAddress?: string;
}

export function routesIn(stacks: readonly SynthesizedStack[]): Route[] {
  return all(stacks, "azurerm_route_table").flatMap((resource) => {
    const table = partOf(resource);
    return partsIn(table, "route").map((route) => {
      const nextHopAddress = route.block.next_hop_in_ip_address;
      return {
        resource,
        table: text(table, "name"),
        name: text(route, "name"),
        prefix: text(route, "address_prefix"),
        nextHop: text(route, "next_hop_type"),
        // The firewall's address is known when it is deployed.
        ...(typeof nextHopAddress === "string" ? { nextHopAddress } : {}),
      };
    });
  });
}
