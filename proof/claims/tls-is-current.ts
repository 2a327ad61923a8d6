import { all, type Located } from "../../synthesized/resources";
import { flag, optionalText, partOf, partsIn } from "../../synthesized/views/attributes";
import type { GeneralClaim } from "../claim";
import { SITES } from "../network/terraform/apps";
import { originOf } from "../network/terraform/origins";

/** The attributes that say the oldest version, by resource type; without a value each means 1.2, by azurerm 4.55.0. */
const VERSIONS: Readonly<Record<string, string>> = {
  azurerm_servicebus_namespace: "minimum_tls_version",
  azurerm_eventhub_namespace: "minimum_tls_version",
  azurerm_storage_account: "min_tls_version",
  azurerm_mssql_server: "minimum_tls_version",
  azurerm_redis_cache: "minimum_tls_version",
};

const CURRENT = /^(TLS)?1[._][23]$/;

/** Nothing is taken without TLS, or by a version before 1.2. */
export const tlsIsCurrent: GeneralClaim = {
  name: "tls-is-current",
  why: "What is sent can be read, or changed, on the way.",
  needs: "stacks",
  check: ({ stacks }) => [
    ...Object.entries(VERSIONS).flatMap(([type, key]) =>
      all(stacks, type).flatMap((resource) => old(resource, key, optionalText(partOf(resource), key))),
    ),
    ...all(stacks, ...Object.keys(SITES)).flatMap((resource) =>
      partsIn(partOf(resource), "site_config").flatMap((site) =>
        ["minimum_tls_version", "scm_minimum_tls_version"].flatMap((key) =>
          old(resource, key, optionalText(site, key)),
        ),
      ),
    ),
    ...all(stacks, "azurerm_storage_account")
      .filter((account) => !flag(partOf(account), "https_traffic_only_enabled", true))
      .map((account) => says(account, "takes plain HTTP: https_traffic_only_enabled is off")),
  ],
};

function old(resource: Located, key: string, version: string | undefined) {
  if (version === undefined || CURRENT.test(version)) return [];
  return [says(resource, `takes TLS ${version}: ${key}`)];
}

function says(resource: Located, what: string) {
  return { what: `${String(resource.block.name)} ${what}`, origin: originOf(partOf(resource)) };
}
