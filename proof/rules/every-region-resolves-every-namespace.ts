import { armId } from "../../synthesized/arm-id";
import { all, blocks, placeOf, strings } from "../../synthesized/resources";
import type { Rule } from "../rule";

/** Each region's zone of Service Bus holds a record of each namespace of the stamp, at an address in that region's own spoke. */
export const everyRegionResolvesEveryNamespace: Rule = {
  name: "every-region-resolves-every-namespace",
  why: "A linked zone without a record answers NXDOMAIN: after a failover the region no longer finds the alias.",
  check: (stacks) => {
    const namespaces = all(stacks, "azurerm_servicebus_namespace");
    const zones = all(stacks, "azurerm_private_dns_zone").filter(
      ({ block }) => block.name === "privatelink.servicebus.windows.net",
    );
    const endpoints = all(stacks, "azurerm_private_endpoint").map((endpoint) => {
      const connection = blocks(endpoint.block, "private_service_connection")[0];
      const group = blocks(endpoint.block, "private_dns_zone_group")[0];
      return {
        endpoint,
        target: String(connection?.private_connection_resource_id).toLowerCase(),
        zones: (group ? strings(group, "private_dns_zone_ids") : []).map((id) => id.toLowerCase()),
        group: String(endpoint.block.subnet_id).split("/")[4]?.toLowerCase(),
      };
    });
    // A stamp's namespaces are those that one geo-pair stack leads to.
    const stamps = [...new Set(endpoints.map(({ endpoint }) => endpoint.stack))].map((stack) => {
      const ids = new Set(endpoints.filter(({ endpoint }) => endpoint.stack === stack).map(({ target }) => target));
      const before = new Set(stack.dependencies);
      return {
        namespaces: namespaces.filter((namespace) => ids.has(armId(namespace)) || before.has(namespace.stack.name)),
        zones: zones.filter((zone) => before.has(zone.stack.name)),
      };
    });
    const missing = stamps.flatMap((stamp) =>
      stamp.zones.flatMap((zone) =>
        stamp.namespaces
          .filter(
            (namespace) =>
              !endpoints.some(
                (endpoint) => endpoint.target === armId(namespace) && endpoint.zones.includes(armId(zone)),
              ),
          )
          .map((namespace) => `${placeOf(zone)} has no record of ${String(namespace.block.name)}`),
      ),
    );
    const astray = endpoints.flatMap(({ endpoint, group, zones: registered }) =>
      registered
        .filter((id) => id.split("/")[4] !== group)
        .map((id) => `${placeOf(endpoint)} stands in ${group ?? "?"} but is registered in ${id}`),
    );
    return [...missing, ...astray];
  },
};
