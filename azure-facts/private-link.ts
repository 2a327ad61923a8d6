import { MONITOR_NAMES, MONITOR_SCOPE, MONITOR_ZONES } from "./private-monitoring";

/**
 * What a private endpoint can lead to, and the names that go with it
 * (learn.microsoft.com/azure/private-link/private-endpoint-dns, private-endpoint-overview#private-link-resource).
 */
export interface PrivateLinkService {
  /** The resource type, as ARM writes it. */
  readonly type: string;
  /** Private Link's name for the part of the resource. */
  readonly subresource: string;
  /** The public suffix of the resource's name. */
  readonly suffix: string;
  /** The zone that holds the record of the endpoint. */
  readonly zone: string;
  /** Private Link's name for the one address of the endpoint. */
  readonly member: string;
  /** Where the service listens. */
  readonly port: number;
}

type Exceptions = Partial<Pick<PrivateLinkService, "zone" | "member" | "port">>;

function service(type: string, subresource: string, suffix: string, but: Exceptions = {}): PrivateLinkService {
  return { type, subresource, suffix, zone: `privatelink.${suffix}`, member: subresource, port: 443, ...but };
}

const STORAGE = "Microsoft.Storage/storageAccounts";

export const PRIVATE_LINK = {
  serviceBus: service("Microsoft.ServiceBus/namespaces", "namespace", "servicebus.windows.net"),
  blob: service(STORAGE, "blob", "blob.core.windows.net"),
  table: service(STORAGE, "table", "table.core.windows.net"),
  queue: service(STORAGE, "queue", "queue.core.windows.net"),
  file: service(STORAGE, "file", "file.core.windows.net"),
  web: service(STORAGE, "web", "web.core.windows.net"),
  dfs: service(STORAGE, "dfs", "dfs.core.windows.net"),
  sites: service("Microsoft.Web/sites", "sites", "azurewebsites.net"),
  // The member is `default` (terraform-provider-azurerm#18443).
  vault: service("Microsoft.KeyVault/vaults", "vault", "vault.azure.net", {
    zone: "privatelink.vaultcore.azure.net",
    member: "default",
  }),
  // By the default connection policy everything beyond Azure, and every endpoint, is proxied on 1433 (learn.microsoft.com/azure/azure-sql/database/connectivity-architecture).
  sqlServer: service("Microsoft.Sql/servers", "sqlServer", "database.windows.net", { port: 1433 }),
} as const;

/** The public suffix of a Service Bus namespace's and an alias' name. */
export const SERVICE_BUS_SUFFIX = PRIVATE_LINK.serviceBus.suffix;
/** The public suffix of a site's name; its SCM host is `<site>.scm.<suffix>`. */
export const SITE_SUFFIX = PRIVATE_LINK.sites.suffix;

const SERVICES: readonly PrivateLinkService[] = Object.values(PRIVATE_LINK);

/** What a resource type offers to endpoints; nothing where it takes no endpoint. */
export function servicesOf(type: string): PrivateLinkService[] {
  return SERVICES.filter((each) => each.type.toLowerCase() === type.toLowerCase());
}

/** The parts that a resource type offers to endpoints; none where it takes no endpoint. */
export function subresourcesOf(type: string): string[] {
  if (type.toLowerCase() === MONITOR_SCOPE.type.toLowerCase()) return [MONITOR_SCOPE.subresource];
  return servicesOf(type).map(({ subresource }) => subresource);
}

/** The public names of a resource, by the part that an endpoint leads to. */
export function publicNamesOf(resourceName: string, subresource: string): readonly string[] {
  if (subresource === MONITOR_SCOPE.subresource) return MONITOR_NAMES;
  const found = SERVICES.find((each) => each.subresource === subresource);
  if (!found) return [];
  const label = resourceName.toLowerCase();
  if (found === PRIVATE_LINK.sites) return [`${label}.${found.suffix}`, `${label}.scm.${found.suffix}`];
  return [`${label}.${found.suffix}`];
}

/** The public suffix that goes with a private-link zone. */
export function suffixOfZone(zone: string): string | undefined {
  const isMonitors = Object.values(MONITOR_ZONES).some((name) => name === zone);
  return isMonitors ? zone.replace(/^privatelink\./, "") : SERVICES.find((each) => each.zone === zone)?.suffix;
}

/** The private-link zone that goes with a public suffix. */
export function zoneOfSuffix(suffix: string): string | undefined {
  return SERVICES.find((each) => each.suffix === suffix)?.zone;
}
