import type { Azure } from "./azure";

/** A virtual network, as far as it decides whom its hosts ask for names and what they reach. */
export interface Network {
  /** An ARM id. */
  readonly id: string;
  /** Addresses of DNS servers; none: Azure's resolver. */
  readonly dnsServers: readonly string[];
}

/** A peering's half: it works where the other half exists too. */
export interface Peering {
  readonly id: string;
  readonly networkId: string;
  readonly remoteId: string;
}

/** The ARM id of a subnet's virtual network. */
export function networkOf(subnetId: string): string {
  return subnetId.replace(/\/subnets\/[^/]+$/i, "");
}

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
