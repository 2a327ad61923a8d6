import { armId } from "../../../synthesized/arm-id";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { all, type Located } from "../../../synthesized/resources";
import { flag, optionalText, type Part, partOf, partsIn, text, texts } from "../../../synthesized/views/attributes";
import { privateScopesIn } from "../../../synthesized/views/private-scope";
import { ALL_ADDRESSES, allOf } from "../../packets/addresses";
import { Intervals } from "../../packets/intervals";
import type { Alias, MonitoringComponent, Service } from "../model";
import { originOf } from "./origins";
import { SITES } from "./apps";

/** What has a public name of its own, and the switches that say who may connect to it. */
export function servicesIn(stacks: readonly SynthesizedStack[]): Service[] {
  return [
    ...all(stacks, "azurerm_servicebus_namespace").map((resource) => {
      const namespace = partOf(resource);
      const [rules] = partsIn(namespace, "network_rule_set");
      return service(resource, "serviceBus", {
        ...restricted(namespace, rules, "Allow"),
        acceptsBesideIdentities: flag(namespace, "local_auth_enabled", true) ? ["SAS keys"] : [],
        deniesByDefault: true,
      });
    }),
    ...all(stacks, "azurerm_storage_account").map((resource) => {
      const account = partOf(resource);
      const [rules] = partsIn(account, "network_rules");
      return service(resource, "storage", {
        ...restricted(account, rules, "Allow"),
        acceptsBesideIdentities: [
          ...(flag(account, "shared_access_key_enabled", true) ? ["account keys"] : []),
          ...(flag(account, "allow_nested_items_to_be_public", true) ? ["anonymous readers"] : []),
        ],
        deniesByDefault: rules === undefined || text(rules, "default_action") === "Deny",
      });
    }),
    ...all(stacks, ...Object.keys(SITES)).map((resource) => {
      const app = partOf(resource);
      return service(resource, "site", {
        ...restrictedSite(app),
        acceptsBesideIdentities: ["webdeploy", "ftp"]
          .filter((kind) => flag(app, `${kind}_publish_basic_authentication_enabled`, true))
          .map((kind) => `passwords for ${kind}`),
        deniesByDefault: partsIn(app, "site_config").every((site) =>
          ["", "scm_"].every((prefix) => optionalText(site, `${prefix}ip_restriction_default_action`) === "Deny"),
        ),
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

type Access = Pick<Service, "publicAccess" | "accepts">;

function restricted(part: Part, rules: Part | undefined, otherwise: string): Access {
  if (!flag(part, "public_network_access_enabled", true)) return { publicAccess: "none", accepts: Intervals.none };
  if (!rules || (optionalText(rules, "default_action") ?? otherwise) === "Allow") {
    return { publicAccess: "all", accepts: ALL_ADDRESSES };
  }
  const accepts = allOf(texts(rules, "ip_rules"));
  return { publicAccess: "some", accepts };
}

/** Access restrictions apply to what comes by no private endpoint (learn.microsoft.com/azure/app-service/overview-access-restrictions). */
function restrictedSite(app: Part): Access {
  if (!flag(app, "public_network_access_enabled", true)) return { publicAccess: "none", accepts: Intervals.none };
  const [site] = partsIn(app, "site_config");
  if (!site) return { publicAccess: "all", accepts: ALL_ADDRESSES };
  const restrictions = partsIn(site, "ip_restriction");
  const denies = optionalText(site, "ip_restriction_default_action") === "Deny" || restrictions.length > 0;
  if (!denies) return { publicAccess: "all", accepts: ALL_ADDRESSES };
  const blocks = restrictions
    .filter((each) => (optionalText(each, "action") ?? "Allow") === "Allow")
    .flatMap((each) => texts(each, "ip_address"));
  return { publicAccess: "some", accepts: allOf(blocks) };
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
