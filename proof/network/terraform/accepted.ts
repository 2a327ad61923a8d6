import { flag, optionalText, type Part, partsIn, texts } from "../../../synthesized/views/attributes";
import { ALL_ADDRESSES, allOf, PUBLIC_ADDRESSES } from "../../packets/addresses";
import { Intervals } from "../../packets/intervals";
import type { Service } from "../model";

/** Who may connect to a resource by its public address. */
type Accepted = Pick<Service, "publicAccess" | "accepts">;

const NO_ADDRESS: Accepted = { publicAccess: "none", accepts: Intervals.none };
const EVERY_ADDRESS: Accepted = { publicAccess: "all", accepts: ALL_ADDRESSES };

/** @param rules the block with `default_action` and `ip_rules`. @default it has none, and every address is accepted */
export function acceptedBy(resource: Part, rules: Part | undefined): Accepted {
  if (!flag(resource, "public_network_access_enabled", true)) return NO_ADDRESS;
  if (!rules || (optionalText(rules, "default_action") ?? "Allow") === "Allow") return EVERY_ADDRESS;
  return { publicAccess: "some", accepts: allOf(texts(rules, "ip_rules")) };
}

/** A namespace without any rule accepts every address, even where its default denies (learn.microsoft.com/azure/service-bus-messaging/service-bus-ip-filtering). */
export function acceptedByNamespace(namespace: Part): Accepted {
  const [rules] = partsIn(namespace, "network_rule_set");
  const hasRules = rules && (texts(rules, "ip_rules").length > 0 || partsIn(rules, "network_rules").length > 0);
  return acceptedBy(namespace, hasRules ? rules : undefined);
}

/**
 * Access restrictions apply to what comes by no private endpoint; the site and its SCM host have their own. What no rule names is allowed, unless the default is Deny
 * (learn.microsoft.com/azure/app-service/overview-access-restrictions; azurerm sets Allow where nothing is written).
 */
export function acceptedBySite(app: Part): Accepted {
  if (!flag(app, "public_network_access_enabled", true)) return NO_ADDRESS;
  const [site] = partsIn(app, "site_config");
  if (!site) return EVERY_ADDRESS;
  const own = restricted(site, "");
  const scm = flag(site, "scm_use_main_ip_restriction", false) ? own : restricted(site, "scm_");
  if (own.publicAccess === "all" || scm.publicAccess === "all") return EVERY_ADDRESS;
  return { publicAccess: "some", accepts: own.accepts.or(scm.accepts) };
}

function restricted(site: Part, prefix: "" | "scm_"): Accepted {
  if (optionalText(site, `${prefix}ip_restriction_default_action`) !== "Deny") return EVERY_ADDRESS;
  const allowed = partsIn(site, `${prefix}ip_restriction`).filter(
    (each) => (optionalText(each, "action") ?? "Allow") === "Allow",
  );
  const accepts = allowed.map((each) => {
    // Which addresses a tag holds is not known: some of the Internet's.
    if (optionalText(each, "service_tag") !== undefined) return PUBLIC_ADDRESSES;
    return allOf(texts(each, "ip_address"));
  });
  return { publicAccess: "some", accepts: Intervals.union(accepts) };
}
