import { armId } from "../../../synthesized/arm-id";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { all, type Located } from "../../../synthesized/resources";
import { flag, optionalText, partOf, partsIn, text } from "../../../synthesized/views/attributes";
import { privateScopesIn } from "../../../synthesized/views/private-scope";
import { Intervals } from "../../packets/intervals";
import type { Alias, MonitoringComponent, Service } from "../model";
import { originOf } from "./origins";
import { acceptedBy, acceptedByNamespace, acceptedBySite } from "./accepted";
import { SITES } from "./apps";

/** Resources of which the model knows the switch for public addresses, and nothing else. */
export const WITH_A_SWITCH = [
  "azurerm_app_configuration",
  "azurerm_cognitive_account",
  "azurerm_container_registry",
  "azurerm_cosmosdb_account",
  "azurerm_eventhub_namespace",
  "azurerm_key_vault",
  "azurerm_mssql_server",
  "azurerm_redis_cache",
  "azurerm_search_service",
];

/** What has a public name of its own, and the switches that say who may connect to it. */
export function servicesIn(stacks: readonly SynthesizedStack[]): Service[] {
  return [
    ...all(stacks, "azurerm_servicebus_namespace").map((resource) => {
      const namespace = partOf(resource);
      return service(resource, "serviceBus", {
        ...acceptedByNamespace(namespace),
        acceptsBesideIdentities: flag(namespace, "local_auth_enabled", true) ? ["SAS keys"] : [],
        deniesByDefault: true,
      });
    }),
    ...all(stacks, "azurerm_storage_account").map((resource) => {
      const account = partOf(resource);
      const [rules] = partsIn(account, "network_rules");
      return service(resource, "storage", {
        ...acceptedBy(account, rules),
        acceptsBesideIdentities: [
          ...(flag(account, "shared_access_key_enabled", true) ? ["account keys"] : []),
          ...(flag(account, "allow_nested_items_to_be_public", true) ? ["anonymous readers"] : []),
          ...(flag(account, "sftp_enabled", false) ? ["users of SFTP"] : []),
          ...(flag(account, "nfsv3_enabled", false) ? ["every client of NFS"] : []),
        ],
        deniesByDefault: rules === undefined || text(rules, "default_action") === "Deny",
      });
    }),
    ...all(stacks, ...Object.keys(SITES)).map((resource) => {
      const app = partOf(resource);
      return service(resource, "site", {
        ...acceptedBySite(app),
        acceptsBesideIdentities: ["webdeploy", "ftp"]
          .filter((kind) => flag(app, `${kind}_publish_basic_authentication_enabled`, true))
          .map((kind) => `passwords for ${kind}`),
        deniesByDefault: partsIn(app, "site_config").every((site) =>
          ["", "scm_"].every((prefix) => optionalText(site, `${prefix}ip_restriction_default_action`) === "Deny"),
        ),
      });
    }),
    ...all(stacks, ...WITH_A_SWITCH).map((resource) => {
      const other = partOf(resource);
      const [rules] = [...partsIn(other, "network_acls"), ...partsIn(other, "network_rule_set")];
      return service(resource, "other", {
        ...acceptedBy(other, rules),
        acceptsBesideIdentities: [],
        deniesByDefault: true,
      });
    }),
    ...all(stacks, "azurerm_monitor_private_link_scope").map((resource) =>
      service(resource, "monitorScope", {
        publicAccess: "none",
        accepts: Intervals.none,
        acceptsBesideIdentities: [],
        deniesByDefault: true,
      }),
    ),
  ];
}

function service(
  resource: Located,
  kind: Service["kind"],
  access: Pick<Service, "publicAccess" | "accepts" | "acceptsBesideIdentities" | "deniesByDefault">,
): Service {
  const part = partOf(resource);
  return {
    id: armId(resource),
    name: text(part, "name"),
    origin: originOf(part),
    location: optionalText(part, "location") ?? "global",
    kind,
    ...access,
  };
}

export function aliasesIn(stacks: readonly SynthesizedStack[]): Alias[] {
  return all(stacks, "azurerm_servicebus_namespace_disaster_recovery_config").map((resource) => {
    const pairing = partOf(resource);
    return {
      id: `${text(pairing, "primary_namespace_id").toLowerCase()}/disasterrecoveryconfigs/${text(pairing, "name").toLowerCase()}`,
      name: text(pairing, "name"),
      origin: originOf(pairing),
      primaryId: text(pairing, "primary_namespace_id").toLowerCase(),
      partnerId: text(pairing, "partner_namespace_id").toLowerCase(),
    };
  });
}

export function monitoringIn(stacks: readonly SynthesizedStack[]): MonitoringComponent[] {
  const scopes = privateScopesIn(stacks);
  return all(stacks, "azurerm_application_insights").map((resource) => {
    const component = partOf(resource);
    const id = armId(resource);
    return {
      id,
      name: text(component, "name"),
      origin: originOf(component),
      location: text(component, "location"),
      takesFromInternet: flag(component, "internet_ingestion_enabled", true),
      scopeIds: scopes.filter(({ memberIds }) => memberIds.includes(id)).map((scope) => scope.id),
    };
  });
}
