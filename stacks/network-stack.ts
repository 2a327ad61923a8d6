import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import { diagnostics } from "../constructs/monitoring/diagnostics";
import { workspace } from "../constructs/monitoring/workspace";
import { DnsForwarders } from "../constructs/network/dns-forwarders";
import { HubNetwork } from "../constructs/network/hub-network";
import { PrivateZones } from "../constructs/network/private-zones";
import { SpokeNetwork } from "../constructs/network/spoke-network";
import { forwarderAddresses, vnetAddressSpaces } from "../topology/addresses";
import { stackName } from "../topology/names";
import type { Region } from "../topology/schema";
import { declareFlows } from "./flows";
import { AzureStack } from "./azure-stack";
import type { StampContext } from "./guarded-stack";
import { ownedResourceGroup } from "./resource-group";
import { zonesOf } from "./zones";

/** A region's hub and spoke, and every flow between and out of them. */
export class NetworkStack extends AzureStack {
  constructor(scope: Construct, context: StampContext, region: Region) {
    super(scope, stackName(context.stamp, "network", region), context);
    const { egress, forwarders, ddosProtectionPlanId, protection, logRetentionDays, logAnalyticsWorkspaceId } =
      this.stamp;
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
    });
    const zones = zonesOf(region);
    const hub = new HubNetwork(this, "hub", { ...placement, hub: region.hub, egress, zones, ddosProtectionPlanId });
    const spoke = new SpokeNetwork(this, "spoke", {
      ...placement,
      spoke: region.spoke,
      hub,
      dnsServers: forwarderAddresses(region),
      ddosProtectionPlanId,
    });
    new PrivateZones(this, "zones", { ...placement, hub: hub.virtualNetwork });
    const { conditionalForwards, resolve, alsoResolve, sshPublicKey, adminUsername, vmSize } = forwarders;
    const dns = new DnsForwarders(this, "dns", {
      ...placement,
      subnet: hub.dnsSubnet,
      addresses: forwarderAddresses(region),
      zones,
      clients: vnetAddressSpaces(region),
      conditionalForwards,
      resolve,
      alsoResolve,
      sshPublicKey,
      adminUsername,
      vmSize,
      after: hub.egress.ready,
    });
    // Where 0.0.0.0/0 ends, said outright: with ExpressRoute no resource of the stack shows it.
    new TerraformLocal(this, "egress", {
      via: egress.via,
      on_premises: egress.via === "firewall" ? [] : egress.onPremises.addressSpaces,
    });
    declareFlows({ backend: context.backend, stamp: this.stamp, region, hub, spoke, dns });
    if (hub.firewall) {
      diagnostics(this, "firewall-logs", {
        targetResourceId: hub.firewall.resource.id,
        logAnalyticsWorkspaceId: logs.id,
        destination: "Dedicated",
      });
    }
  }
}
