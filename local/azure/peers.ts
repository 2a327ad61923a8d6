import { networkOf } from "../../azure-facts/arm-ids";
import { contains } from "../../topology/cidr";
import type { Azure, PrivateEndpoint } from "./azure";

/** A network and those that are its peers, in both directions; no further: peering is not transitive. */
export function reachedFrom(azure: Azure, networkId: string): ReadonlySet<string> {
  const own = networkId.toLowerCase();
  const halves = new Set(
    azure.peerings.all().map((peering) => `${peering.networkId} ${peering.remoteId}`.toLowerCase()),
  );
  const peers = azure.networks
    .all()
    .map(({ id }) => id.toLowerCase())
    .filter((id) => halves.has(`${own} ${id}`) && halves.has(`${id} ${own}`));
  return new Set([own, ...peers]);
}

/**
 * The endpoints that hosts of a network reach: those in it and in its peers, and those that a peer routes to, where the endpoint's own hub routes back. Where a network is, its
 * endpoints' addresses say.
 */
export function endpointsReachedFrom(azure: Azure, networkId: string): PrivateEndpoint[] {
  const reached = reachedFrom(azure, networkId);
  const isIn = ({ subnetId }: PrivateEndpoint, ids: ReadonlySet<string>) => ids.has(networkOf(subnetId).toLowerCase());
  const all = azure.endpoints.all();
  const own = all
    .filter((endpoint) => isIn(endpoint, new Set([networkId.toLowerCase()])))
    .map(({ address }) => address);
  return all.filter((endpoint) => {
    if (isIn(endpoint, reached)) return true;
    const back = reachedFrom(azure, networkOf(endpoint.subnetId));
    return isRouted(azure, reached, [endpoint.address]) && isRouted(azure, back, own);
  });
}

/** Whether one of some networks routes to an address of these. */
function isRouted(azure: Azure, ids: ReadonlySet<string>, addresses: readonly string[]): boolean {
  return azure.networks
    .all()
    .filter(({ id }) => ids.has(id.toLowerCase()))
    .some(({ routesTo = [] }) =>
      addresses.some((address) => routesTo.some((range) => contains(range, `${address}/32`))),
    );
}
