import { networkOf } from "../../azure-facts/arm-ids";
import { PRIVATE_LINK } from "../../azure-facts/private-link";
import { armId } from "../../synthesized/arm-id";
import { all, isSame, placeOf, textOf } from "../../synthesized/resources";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { virtualNetworksIn } from "../../synthesized/views/virtual-network";
import type { ProofRule } from "../proof-rule";

/** Each region's zone of Service Bus holds a record of each namespace of the stamp, at an address in that region's own spoke. */
export const everyRegionResolvesEveryNamespace: ProofRule = {
  name: "every-region-resolves-every-namespace",
  why: "A linked zone without a record answers NXDOMAIN: after a failover the region no longer finds the alias.",
  check: (stacks) => {
    const namespaces = all(stacks, "azurerm_servicebus_namespace");
    const zones = all(stacks, "azurerm_private_dns_zone");
    const busZones = zones.filter(({ block }) => block.name === PRIVATE_LINK.serviceBus.zone);
    const endpoints = privateEndpointsIn(stacks);
    // A stamp's namespaces and zones come before one stack, which makes the endpoints.
    const stamps = stacks
      .map(({ dependencies }) => ({
        namespaces: namespaces.filter(({ stack }) => dependencies.includes(stack.name)),
        zones: busZones.filter(({ stack }) => dependencies.includes(stack.name)),
      }))
      .filter((stamp) => stamp.namespaces.length > 0 && stamp.zones.length > 0);
    const alone = namespaces
      .filter((namespace) => !stamps.some((stamp) => stamp.namespaces.some((other) => isSame(other, namespace))))
      .map((namespace) => `${placeOf(namespace)} comes before no stack that registers it in a zone`);
    const missing = stamps.flatMap((stamp) =>
      stamp.zones.flatMap((zone) =>
        stamp.namespaces
          .filter(
            (namespace) =>
              !endpoints.some(
                ({ targetId, zoneIds }) => targetId === armId(namespace) && zoneIds.includes(armId(zone)),
              ),
          )
          .map((namespace) => `${placeOf(zone)} has no record of ${textOf(namespace, "name")}`),
      ),
    );
    // A record is for the network that the endpoint is in: its zone is made by the same stack.
    const networks = new Map(virtualNetworksIn(stacks).map(({ id, resource }) => [id, resource.stack.name]));
    const zoneStacks = new Map(zones.map((zone) => [armId(zone), zone.stack.name]));
    const astray = endpoints.flatMap(({ resource, subnetId, zoneIds }) => {
      const own = networks.get(networkOf(subnetId));
      return zoneIds
        .filter((id) => own === undefined || zoneStacks.get(id) !== own)
        .map((id) => `${placeOf(resource)} is in a subnet of ${own ?? "no stack"}, and is registered in ${id}`);
    });
    return [...new Set([...alone, ...missing, ...astray])];
  },
};
