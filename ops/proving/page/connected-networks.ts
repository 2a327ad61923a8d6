import type { Model, Network } from "../../../proof/network/model";

/** The networks that belong together, because they are peered or have endpoints of the same resource: a drawing each. In the order of the model. */
export function connectedNetworks({ networks, peerings, endpoints, subnets }: Model): readonly Network[][] {
  const networkOfSubnet = new Map(subnets.map(({ id, networkId }) => [id, networkId]));
  const ties: (readonly [string, string])[] = [
    ...peerings.map(({ networkId, remoteId }) => [networkId, remoteId] as const),
    ...endpoints.flatMap(({ subnetId, targetId }) => {
      const networkId = networkOfSubnet.get(subnetId);
      return networkId === undefined ? [] : [[networkId, targetId] as const];
    }),
  ];
  const group = new Map<string, Set<string>>();
  const groupOf = (id: string): Set<string> => {
    const own = group.get(id) ?? new Set([id]);
    group.set(id, own);
    return own;
  };
  for (const [one, other] of ties) {
    const [into, from] = [groupOf(one), groupOf(other)];
    if (into === from) continue;
    for (const id of from) {
      into.add(id);
      group.set(id, into);
    }
  }
  return [...new Set(networks.map(({ id }) => groupOf(id)))].map((ids) => networks.filter(({ id }) => ids.has(id)));
}
