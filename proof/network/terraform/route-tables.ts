import { armId } from "../../../synthesized/arm-id";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { all } from "../../../synthesized/resources";
import { flag, optionalText, type Part, partOf, partsIn, text } from "../../../synthesized/views/attributes";
import type { NextHop, Route, RouteTable } from "../model";
import { originOf } from "./origins";

const NEXT_HOPS: readonly NextHop[] = ["VirtualAppliance", "VirtualNetworkGateway", "Internet", "VnetLocal", "None"];

export function routeTablesIn(stacks: readonly SynthesizedStack[]): RouteTable[] {
  const separate = all(stacks, "azurerm_route").map(partOf);
  return all(stacks, "azurerm_route_table").map((resource) => {
    const table = partOf(resource);
    const name = text(table, "name");
    const group = text(table, "resource_group_name").toLowerCase();
    const own = separate.filter(
      (route) =>
        text(route, "route_table_name").toLowerCase() === name.toLowerCase() &&
        text(route, "resource_group_name").toLowerCase() === group,
    );
    return {
      id: armId(resource),
      name,
      origin: originOf(table),
      takesBgp: flag(table, "bgp_route_propagation_enabled", true),
      routes: [...partsIn(table, "route"), ...own].map(routeOf),
    };
  });
}

function routeOf(route: Part): Route {
  const got = text(route, "next_hop_type");
  const nextHop = NEXT_HOPS.find((each) => each === got);
  if (!nextHop) throw new Error(`${route.path}.next_hop_type is "${got}", which Azure does not know.`);
  const address = optionalText(route, "next_hop_in_ip_address");
  return {
    name: text(route, "name"),
    prefix: text(route, "address_prefix"),
    nextHop,
    ...(address === undefined ? {} : { address }),
    origin: originOf(route),
  };
}
