import type { Azure } from "./azure";

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
