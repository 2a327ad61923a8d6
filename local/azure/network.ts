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
