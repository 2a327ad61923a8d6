import type { ServicebusNamespace } from "@cdktf/provider-azurerm/lib/servicebus-namespace";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { serviceBusNamespace } from "../constructs/messaging/namespace";
import { stackName, takesAPlace } from "../topology/names";
import type { Region } from "../topology/schema";
import { AzureStack } from "./azure-stack";
import type { StampContext } from "./guarded-stack";
import { ownedResourceGroup } from "./resource-group";

/** A region's Service Bus namespace, empty: endpoints, pairing and entities come in that order, in the geo-pair stack. */
export class MessagingStack extends AzureStack {
  constructor(scope: Construct, context: StampContext, region: Region) {
    super(scope, stackName(context.stamp, "messaging", region), context);
    const { preventDestroy, locks } = this.stamp.protection;
    const placement = ownedResourceGroup(this, {
      name: region.resourceGroups.messaging,
      location: region.location,
      tags: this.tags,
      lock: locks,
    });
    const namespace = serviceBusNamespace(this, "namespace", {
      ...placement,
      serviceBus: region.serviceBus,
      preventDestroy,
    });
    if (this.stamp.pairing) giveAddress(namespace, takesAPlace(this.stamp, region));
  }
}

/**
 * A namespace that takes another's place after a failover has an address of its own in Terraform's state, and the former one is let go of, not deleted. When the recovery is over, the `moved` block,
 * which every pair has, brings it to the usual address.
 */
function giveAddress(namespace: ServicebusNamespace, isNew: boolean): void {
  const stack = TerraformStack.of(namespace);
  const usual = stack.getLogicalId(namespace);
  const ofNew = `${usual}-recovered`;
  const addressOf = (id: string) => `${namespace.terraformResourceType}.${id}`;
  if (!isNew) {
    // Not by `moveFromId`, which runs Terraform when the stack is synthesized.
    stack.addOverride("moved", [{ from: addressOf(ofNew), to: addressOf(usual) }]);
    return;
  }
  namespace.overrideLogicalId(ofNew);
  stack.addOverride("removed", [{ from: addressOf(usual), lifecycle: { destroy: false } }]);
}
