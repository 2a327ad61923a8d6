/** Azure's resolver, the same address in every VNet; routes do not apply to it (learn.microsoft.com, "What is IP address 168.63.129.16?"). */
export const AZURE_RESOLVER = "168.63.129.16";

export interface ConditionalForward {
  readonly zone: string;
  readonly servers: readonly string[];
}

export interface NamedConfProps {
  /** The forwarder's own address. */
  readonly address: string;
  /** CIDR blocks that are answered: hub and spoke. */
  readonly clients: readonly string[];
  readonly conditionalForwards: readonly ConditionalForward[];
}

/**
 * BIND's whole configuration.
 *
 * Everything goes to Azure's resolver, the alias too: a record for it here would go on naming the old primary after a failover, and so
 * would a long cache. Private zones carry no DNSSEC data, so validation would answer SERVFAIL; BIND's empty zones would answer reverse
 * look-ups of private addresses that Azure's resolver knows.
 */
export function namedConf({ address, clients, conditionalForwards }: NamedConfProps): string {
  return `acl clients {
${["127.0.0.1", ...clients].map((client) => `  ${client};`).join("\n")}
};

options {
  directory "/var/cache/bind";
  listen-on { 127.0.0.1; ${address}; };
  listen-on-v6 { none; };

  allow-query { clients; };
  allow-query-cache { clients; };
  allow-recursion { clients; };
  allow-transfer { none; };
  recursion yes;

  forward only;
  forwarders { ${AZURE_RESOLVER}; };
  dnssec-validation no;
  empty-zones-enable no;

  max-cache-ttl 30;
  max-ncache-ttl 10;
  minimal-responses yes;
  version none;
};
${conditionalForwards.map(forwardZone).join("")}`;
}

function forwardZone({ zone, servers }: ConditionalForward): string {
  return `
zone "${zone}" {
  type forward;
  forward only;
  forwarders { ${servers.map((server) => `${server};`).join(" ")} };
};
`;
}
