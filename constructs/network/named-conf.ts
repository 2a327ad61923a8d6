import { AZURE_RESOLVER } from "../../azure-facts/addresses";
import { LISTED_ZONE, LISTED_ZONE_FILE } from "./listed-zone";

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
  /** Whether only listed names are answered, see `listedZone`. */
  readonly listed: boolean;
}

/**
 * BIND's whole configuration.
 *
 * A DNS question can carry data: a host that may ask for any name can send data in it, past the firewall, to the servers of that name. So a question that is not listed is answered
 * here and not forwarded; without `qname-wait-recurse no` BIND would ask first and refuse afterwards, and without `break-dnssec yes` it would do so for clients that ask for DNSSEC's records. Refusals are logged with the asking address.
 *
 * Everything goes to Azure's resolver, the alias too: a record for it here would go on naming the old primary after a failover, and so
 * would a long cache. Private zones carry no DNSSEC data, so validation would answer SERVFAIL; BIND's empty zones would answer reverse
 * look-ups of private addresses that Azure's resolver knows.
 */
export function namedConf({ address, clients, conditionalForwards, listed }: NamedConfProps): string {
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
  version none;${listed ? RESPONSE_POLICY : ""}
};
${listed ? POLICY_ZONE : ""}${conditionalForwards.map(forwardZone).join("")}`;
}

const RESPONSE_POLICY = `

  response-policy { zone "${LISTED_ZONE}"; } qname-wait-recurse no break-dnssec yes;`;

const POLICY_ZONE = `
logging {
  channel refusals { syslog daemon; severity info; };
  category rpz { refusals; };
  category rpz-passthru { null; };
};

zone "${LISTED_ZONE}" {
  type primary;
  file "${LISTED_ZONE_FILE}";
  allow-query { none; };
};
`;

function forwardZone({ zone, servers }: ConditionalForward): string {
  return `
zone "${zone}" {
  type forward;
  forward only;
  forwarders { ${servers.map((server) => `${server};`).join(" ")} };
};
`;
}
