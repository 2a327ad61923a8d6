import { PRIVATE_LINK } from "./private-link";

/**
 * The TCP ports on which a service listens behind a private endpoint, by the part that the endpoint leads to. An endpoint carries TCP and nothing else
 * (learn.microsoft.com/azure/private-link/private-endpoint-overview); AMQP over TLS is on 5671, and on 5672 with an upgrade
 * (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide).
 */
const PORTS: Readonly<Record<string, readonly number[]>> = {
  [PRIVATE_LINK.serviceBus.subresource]: [443, 5671, 5672],
  [PRIVATE_LINK.blob.subresource]: [80, 443],
  [PRIVATE_LINK.table.subresource]: [80, 443],
  [PRIVATE_LINK.queue.subresource]: [80, 443],
  [PRIVATE_LINK.web.subresource]: [80, 443],
  [PRIVATE_LINK.dfs.subresource]: [80, 443],
  [PRIVATE_LINK.file.subresource]: [80, 443, 445],
  [PRIVATE_LINK.sites.subresource]: [80, 443],
  [PRIVATE_LINK.vault.subresource]: [443],
  [PRIVATE_LINK.sqlServer.subresource]: [1433],
  azuremonitor: [443],
};

/** Nothing where the part is not known. */
export function listensOn(part: string): readonly number[] | undefined {
  return PORTS[part];
}
