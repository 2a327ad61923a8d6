import { nameIn } from "../../azure-facts/arm-ids";
import { SERVICE_BUS_SUFFIX, servicesOf, zoneOfSuffix } from "../../azure-facts/private-link";
import { privateIngestionHost } from "../../azure-facts/private-monitoring";
import type { Service } from "../network/model";
import type { Lookup } from "./lookup";

/** What the public DNS says of a name. */
export type PublicRecord =
  | { readonly kind: "alias"; readonly to: string; readonly why: string }
  | { readonly kind: "service"; readonly service: Service }
  | { readonly kind: "elsewhere" };

/** Which namespace an alias leads to, by the alias' name. */
export type Aliases = ReadonlyMap<string, string>;

/** The aliases as they are deployed. */
export function aliasesOf({ model }: Lookup): Aliases {
  return new Map(model.aliases.map(({ name, primaryId }) => [name.toLowerCase(), primaryId]));
}

/** The aliases once each pair has failed over. */
export function failedOver({ model }: Lookup): Aliases {
  return new Map(model.aliases.map(({ name, primaryId, partnerId }) => [name.toLowerCase(), partnerId ?? primaryId]));
}

/**
 * An alias of a pair leads to the name of the namespace that is primary. The name of a service with a private endpoint leads to its name in the zone of Private Link, for everyone
 * (learn.microsoft.com/azure/private-link/private-endpoint-dns).
 */
export function publicRecord(name: string, aliases: Aliases, lookup: Lookup): PublicRecord {
  const monitoring = privateIngestionHost(name);
  if (monitoring !== undefined && lookup.model.monitoring.some(({ scopeIds }) => scopeIds.length > 0)) {
    return { kind: "alias", to: monitoring, why: "its component is in a scope of private link" };
  }
  const [label = "", ...rest] = name.split(".");
  const suffix = rest.join(".").replace(/^scm\.(?=azurewebsites\.net$)/, "");
  const inZone = name.slice(0, -suffix.length - 1);
  const zone = zoneOfSuffix(suffix);
  if (zone === undefined) return { kind: "elsewhere" };
  const primaryId = suffix === SERVICE_BUS_SUFFIX ? aliases.get(label) : undefined;
  if (primaryId !== undefined) {
    return {
      kind: "alias",
      to: `${nameIn(primaryId)}.${suffix}`,
      why: "it is the alias of the pair, and names the primary",
    };
  }
  const isLinked =
    lookup.endpointsTo(label).some(({ part }) => zoneOfPart(part) === zone) ||
    lookup.model.records.some((record) => record.label === inZone && nameIn(record.zoneId) === zone);
  if (isLinked) return { kind: "alias", to: `${inZone}.${zone}`, why: "it has a private endpoint" };
  const service = lookup.servicesNamed(label).find((each) => hasSuffix(each, suffix));
  return service ? { kind: "service", service } : { kind: "elsewhere" };
}

/** The service whose public address a private-link name has where no zone answers for it. */
export function serviceOf(name: string, lookup: Lookup): Service | undefined {
  const [label = ""] = name.split(".");
  return lookup.servicesNamed(label).find((each) => name.includes(suffixOf(each)));
}

function zoneOfPart(part: string): string | undefined {
  return PARTS.get(part);
}

const PARTS = new Map(
  [
    "Microsoft.ServiceBus/namespaces",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.Web/sites",
    "Microsoft.KeyVault/vaults",
    "Microsoft.Sql/servers",
  ]
    .flatMap(servicesOf)
    .map(({ subresource, zone }) => [subresource, zone]),
);

const KINDS = {
  serviceBus: "servicebus",
  storage: "core",
  site: "azurewebsites",
  monitorScope: "monitor",
  other: "",
} as const;

function suffixOf({ kind }: Service): string {
  return KINDS[kind];
}

function hasSuffix(service: Service, suffix: string): boolean {
  return suffix.includes(suffixOf(service));
}
