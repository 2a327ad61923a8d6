import { ServicebusNamespace } from "@cdktf/provider-azurerm/lib/servicebus-namespace";
import type { Construct } from "constructs";
import type { Region } from "../../topology/schema";
import type { Placement } from "../network/placement";

export interface NamespaceProps extends Placement {
  readonly serviceBus: Region["serviceBus"];
  readonly preventDestroy: boolean;
}

/**
 * A Premium namespace that answers private endpoints and Entra tokens only. Everything is set at creation, because Azure refuses any
 * change of a paired secondary. There is no network_rule_set: "Deny" without a rule is an error, and with public access off there is
 * nothing to rule.
 */
export function serviceBusNamespace(scope: Construct, id: string, props: NamespaceProps): ServicebusNamespace {
  const { serviceBus, preventDestroy, ...placement } = props;
  return new ServicebusNamespace(scope, id, {
    ...placement,
    name: serviceBus.namespace,
    sku: "Premium",
    capacity: serviceBus.messagingUnits,
    premiumMessagingPartitions: serviceBus.partitions,
    publicNetworkAccessEnabled: false,
    localAuthEnabled: false,
    minimumTlsVersion: "1.2",
    lifecycle: { preventDestroy },
  });
}
