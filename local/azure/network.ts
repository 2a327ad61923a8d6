/** A virtual network, as far as it decides whom its hosts ask for names and what they reach. */
export interface Network {
  /** An ARM id. */
  readonly id: string;
  /** Addresses of DNS servers; none: Azure's resolver. */
  readonly dnsServers: readonly string[];
  /** CIDR blocks beyond it that its filter routes its peers' traffic to, and from. @default none: peering is not transitive */
  readonly routesTo?: readonly string[];
}

/** A peering's half: it works where the other half exists too. */
export interface Peering {
  readonly id: string;
  readonly networkId: string;
  readonly remoteId: string;
}

/** What an existing hub's filter lets a spoke through to. */
export interface HubFilter {
  readonly id: string;
  /** The ARM id of the spoke's network. */
  readonly spokeId: string;
  /** `*.zone` for every name under a zone. */
  readonly allowsHosts: readonly string[];
}
