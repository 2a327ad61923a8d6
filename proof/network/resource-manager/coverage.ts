import type { Unmodelled } from "../model";
import { type ArmDocument, bodiesOf, bodyOf, originOf, propertiesOf, stringOf, stringsOf } from "./documents";

/** Resource types that the model reads, or that neither carry, nor name, nor block traffic; with what is below them. In lower case. */
const KNOWN = [
  "microsoft.alertsmanagement",
  "microsoft.authorization",
  "microsoft.compute/disks",
  "microsoft.compute/sshpublickeys",
  "microsoft.compute/virtualmachines",
  "microsoft.consumption",
  "microsoft.insights",
  "microsoft.managedidentity",
  "microsoft.network/azurefirewalls",
  "microsoft.network/connections",
  "microsoft.network/ddosprotectionplans",
  "microsoft.network/firewallpolicies",
  "microsoft.network/localnetworkgateways",
  "microsoft.network/networkinterfaces",
  "microsoft.network/networksecuritygroups",
  "microsoft.network/networkwatchers",
  "microsoft.network/privatednszones",
  "microsoft.network/privateendpoints",
  "microsoft.network/publicipaddresses",
  "microsoft.network/routetables",
  "microsoft.network/virtualnetworkgateways",
  "microsoft.network/virtualnetworks",
  "microsoft.operationalinsights",
  "microsoft.policyinsights",
  "microsoft.portal",
  "microsoft.resources",
  "microsoft.servicebus",
  "microsoft.storage/storageaccounts",
  "microsoft.web/serverfarms",
  "microsoft.web/sites",
];

/** What is below a type that is known, and may do more. */
const BUT = [
  "microsoft.network/privatednszones/cname",
  "microsoft.storage/storageaccounts/localusers",
  "microsoft.web/sites/slots",
];

/** What is deployed and may carry, name or block traffic, and is not in the model. */
export function unmodelledIn(documents: readonly ArmDocument[]): Unmodelled[] {
  return documents.flatMap((document) => {
    const why = isKnown(document.type) ? formIn(document) : "it may carry, name or block traffic";
    const { id, type } = document;
    return why === undefined ? [] : [{ resource: id, type, why, origin: originOf(id) }];
  });
}

function isKnown(type: string): boolean {
  const isBelow = (known: string) => `${type.toLowerCase()}/`.startsWith(`${known}/`);
  return KNOWN.some(isBelow) && !BUT.some(isBelow);
}

/** A form of a modelled resource that is not read. */
function formIn(document: ArmDocument): string | undefined {
  const properties = propertiesOf(document);
  switch (document.type.toLowerCase()) {
    case "microsoft.network/virtualnetworks/subnets":
      return bodiesOf(properties, "serviceEndpoints").length > 0
        ? "service endpoints lead past routes to public services"
        : undefined;
    case "microsoft.network/virtualnetworks/virtualnetworkpeerings":
      return properties.peerCompleteVnets === false || properties.enableOnlyIPv6Peering === true
        ? "it connects some subnets of the networks, and not all"
        : undefined;
    case "microsoft.network/networkinterfaces":
      return stringsOf(bodyOf(properties, "dnsSettings"), "dnsServers").length > 0
        ? "its machine asks DNS servers of its own"
        : undefined;
    case "microsoft.network/azurefirewalls":
      return bodiesOf(properties, "ipConfigurations").length > 1
        ? "only the first of its public addresses is read"
        : undefined;
    case "microsoft.network/firewallpolicies":
      return bodyOf(properties, "dnsSettings").enableProxy === true ||
        bodyOf(properties, "explicitProxy").enableExplicitProxy === true
        ? "its firewall answers for names, or takes connections for itself, as a proxy"
        : undefined;
    case "microsoft.authorization/roleassignments":
      return stringOf(properties, "condition") === undefined
        ? undefined
        : "its condition gives a part of the role's rights";
    default:
      return undefined;
  }
}
