import { ALL_ADDRESSES, allOf, PUBLIC_ADDRESSES } from "../../packets/addresses";
import { Intervals } from "../../packets/intervals";
import type { Service } from "../model";
import { type ArmDocument, bodiesOf, type Body, type Documents, propertiesOf, stringOf } from "./documents";

/** Who may connect to a resource by its public address: what `terraform/accepted.ts` reads from stacks, as Resource Manager shows it. */
type Accepted = Pick<Service, "publicAccess" | "accepts">;

const NO_ADDRESS: Accepted = { publicAccess: "none", accepts: Intervals.none };
const EVERY_ADDRESS: Accepted = { publicAccess: "all", accepts: ALL_ADDRESSES };

/** @param rules the body with `defaultAction` and `ipRules` */
export function accepted(properties: Body, rules: Body): Accepted {
  if (stringOf(properties, "publicNetworkAccess") === "Disabled") return NO_ADDRESS;
  if (stringOf(rules, "defaultAction") !== "Deny") return EVERY_ADDRESS;
  const blocks = bodiesOf(rules, "ipRules").flatMap(
    (rule) => stringOf(rule, "value") ?? stringOf(rule, "ipMask") ?? [],
  );
  return { publicAccess: "some", accepts: allOf(blocks) };
}

/** A namespace's rules are a document of their own. Without any of them it accepts every address. */
export function acceptedByNamespace(namespace: ArmDocument, documents: Documents): Accepted {
  const [set] = documents.below(namespace, "Microsoft.ServiceBus/namespaces/networkRuleSets");
  const rules = propertiesOf(set);
  const hasRules = [...bodiesOf(rules, "ipRules"), ...bodiesOf(rules, "virtualNetworkRules")].length > 0;
  return accepted(propertiesOf(namespace), hasRules ? rules : {});
}

export function acceptedBySite(properties: Body, config: Body): Accepted {
  if (stringOf(properties, "publicNetworkAccess") === "Disabled") return NO_ADDRESS;
  const own = restricted(config, "ipSecurityRestrictions");
  const scm = config.scmIpSecurityRestrictionsUseMain === true ? own : restricted(config, "scmIpSecurityRestrictions");
  if (own.publicAccess === "all" || scm.publicAccess === "all") return EVERY_ADDRESS;
  return { publicAccess: "some", accepts: own.accepts.or(scm.accepts) };
}

function restricted(config: Body, key: string): Accepted {
  if (stringOf(config, `${key}DefaultAction`) !== "Deny") return EVERY_ADDRESS;
  const allowed = bodiesOf(config, key).filter((each) => (stringOf(each, "action") ?? "Allow") === "Allow");
  const accepts = allowed.map((each) => {
    if (stringOf(each, "tag") === "ServiceTag") return PUBLIC_ADDRESSES;
    return allOf([stringOf(each, "ipAddress")].flatMap((address) => address ?? []));
  });
  return { publicAccess: "some", accepts: Intervals.union(accepts) };
}
