/** A virtual network, as far as it decides whom its hosts ask for names and what they reach. */
export interface Network {
  /** An ARM id. */
  readonly id: string;
  /** Addresses of DNS servers; none: Azure's resolver. */
  readonly dnsServers: readonly string[];
  /** Hosts that its filter lets hosts of its peers through to, `*.zone` for every name under a zone. @default what its filter allows is not looked at */
  readonly allowsHosts?: readonly string[];
  /** CIDR blocks beyond it that its filter routes its peers' traffic to, and from. @default none: peering is not transitive */
  readonly routesTo?: readonly string[];
}

/** A peering's half: it works where the other half exists too. */
export interface Peering {
  readonly id: string;
  readonly networkId: string;
  readonly remoteId: string;
}
