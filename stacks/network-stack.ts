import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import { internetAccessOf } from "../constructs/monitoring/internet-access";
import { workspace } from "../constructs/monitoring/workspace";
import { hubOf } from "../constructs/network/hub-of";
import { SpokeNetwork } from "../constructs/network/spoke-network";
import { zonesOf } from "../constructs/network/zones-of";
import { stackName } from "../topology/names";
import type { Region } from "../topology/schema";
import { reachedThroughHubs } from "../topology/zones";
import { declareFlows } from "./flows";
import { AzureStack } from "./azure-stack";
import type { StampContext } from "./guarded-stack";
import { ownedResourceGroup } from "./resource-group";
import { availabilityZonesOf } from "./availability-zones";

/** A region's hub and spoke, and every flow between and out of them. */
export class NetworkStack extends AzureStack {
  constructor(scope: Construct, context: StampContext, region: Region) {
    super(scope, stackName(context.stamp, "network", region), context);
    const { egress, ddosProtectionPlanId, protection, logRetentionDays, logAnalyticsWorkspaceId } = this.stamp;
    const placement = ownedResourceGroup(this, {
      name: region.resourceGroups.network,
      location: region.location,
      tags: this.tags,
      lock: protection.locks,
    });
    const logs = workspace(this, "logs", {
      ...placement,
      existingId: logAnalyticsWorkspaceId,
      retentionInDays: logRetentionDays,
      internetAccess: internetAccessOf(this.stamp),
    });
    const hub = hubOf(this, { ...placement, stamp: this.stamp, region, zones: availabilityZonesOf(region) });
    const spoke = new SpokeNetwork(this, "spoke", { ...placement, spoke: region.spoke, hub, ddosProtectionPlanId });
    const zones = zonesOf(this, { ...placement, stamp: this.stamp, region, ids: this.ids, hub });
    // Where 0.0.0.0/0 ends, said outright: with ExpressRoute no resource of the stack shows it.
    new TerraformLocal(this, "egress", {
      via: egress.via,
      on_premises: egress.via === "firewall" ? [] : egress.onPremises.addressSpaces,
    });
    declareFlows({ backend: context.backend, stamp: this.stamp, region, hub, spoke });
    const farNetworks = reachedThroughHubs(this.stamp, region).map((other) => other.spoke.addressSpace);
    hub.finish(this, { workspace: logs, spokeId: this.ids.spoke(region), zoneIds: zones.ids, farNetworks });
    zones.finish(this);
  }
}
