import type { Construct } from "constructs";
import { serviceBusNamespace } from "../constructs/messaging/namespace";
import { StateAddresses } from "../constructs/messaging/state-addresses";
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
    if (this.stamp.pairing)
      new StateAddresses(this, { isRecovering: takesAPlace(this.stamp, region) }).place(namespace);
  }
}
