import { networkOf } from "../../azure-facts/arm-ids";
import { PRIVATE_LINK } from "../../azure-facts/private-link";
import { armId } from "../../synthesized/arm-id";
import { all, isSame, placeOf, textOf } from "../../synthesized/resources";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { virtualNetworksIn } from "../../synthesized/views/virtual-network";
import type { ProofRule } from "../proof-rule";

/** Each spoke's zone of Service Bus holds a record of each namespace of the stamp. In a zone of the region's own it is at an address in the region's own spoke. */
export const everyRegionResolvesEveryNamespace: ProofRule = {
  name: "every-region-resolves-every-namespace",
  why: "A linked zone without a record answers NXDOMAIN: after a failover the region no longer finds the alias.",
  check: (stacks) => {
    const namespaces = all(stacks, "azurerm_servicebus_namespace");
    const endpoints = privateEndpointsIn(stacks);
    const ofNamespaces = endpoints.filter(({ subresource }) => subresource === PRIVATE_LINK.serviceBus.subresource);
    const networks = new Map(virtualNetworksIn(stacks).map(({ id, resource }) => [id, resource.stack.name]));
    const spokes = new Set(endpoints.map(({ subnetId }) => networkOf(subnetId)));
    // A stamp's namespaces and spokes come before one stack, which makes the endpoints.
    const stamps = stacks
      .map(({ dependencies }) => ({
        namespaces: namespaces.filter(({ stack }) => dependencies.includes(stack.name)),
        spokes: [...spokes].filter((id) => dependencies.includes(networks.get(id) ?? "")),
      }))
      .filter((stamp) => stamp.namespaces.length > 0 && stamp.spokes.length > 0);
    const alone = namespaces
      .filter((namespace) => !stamps.some((stamp) => stamp.namespaces.some((other) => isSame(other, namespace))))
      .map((namespace) => `${placeOf(namespace)} comes before no stack that registers it in a zone`);
    const missing = stamps.flatMap((stamp) =>
      stamp.spokes.flatMap((spoke) => {
        const inSpoke = ofNamespaces.filter(({ subnetId }) => networkOf(subnetId) === spoke);
        const zones = [...new Set(inSpoke.flatMap(({ zoneIds }) => zoneIds))];
        if (zones.length === 0) return [`${networks.get(spoke) ?? spoke} has no record of any namespace`];
        return stamp.namespaces.flatMap((namespace) =>
          zones
            .filter(
              (zone) =>
                !ofNamespaces.some(({ targetId, zoneIds }) => targetId === armId(namespace) && zoneIds.includes(zone)),
            )
            .map((zone) => `${placeOf(namespace)} (${textOf(namespace, "name")}) has no record in ${zone}`),
        );
      }),
    );
    // A record is for the network that the endpoint is in: a zone that is built is made by the same stack.
    const zoneStacks = new Map(all(stacks, "azurerm_private_dns_zone").map((zone) => [armId(zone), zone.stack.name]));
    const astray = endpoints.flatMap(({ resource, subnetId, zoneIds }) => {
      const own = networks.get(networkOf(subnetId));
      return zoneIds
        .filter((id) => own === undefined || (zoneStacks.get(id) ?? own) !== own)
        .map((id) => `${placeOf(resource)} is in a subnet of ${own ?? "no stack"}, and is registered in ${id}`);
    });
    return [...new Set([...alone, ...missing, ...astray])];
  },
};
