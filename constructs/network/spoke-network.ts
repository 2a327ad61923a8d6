import { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import { Construct } from "constructs";
import { NAMES } from "../../topology/names";
import type { Region } from "../../topology/schema";
import { egressRoutes } from "./egress-routes";
import type { IHub } from "./hub";
import { peerNetworks } from "./peering";
import type { Placement } from "./placement";
import { ProtectedSubnet } from "./protected-subnet";

export interface SpokeNetworkProps extends Placement {
  readonly spoke: Region["spoke"];
  readonly hub: IHub;
  /** @default no DDoS protection plan */
  readonly ddosProtectionPlanId?: string;
}

/** The spoke: integration-subnet for what App Service sends, workload-subnet for private endpoints and producers, monitoring-subnet for Azure Monitor's endpoint where there is one. */
export class SpokeNetwork extends Construct {
  readonly virtualNetwork: VirtualNetwork;
  readonly integrationSubnet: ProtectedSubnet;
  readonly workloadSubnet: ProtectedSubnet;
  /** Where Azure Monitor's endpoint is. @default it is not in this spoke */
  readonly monitoringSubnet?: ProtectedSubnet;

  constructor(scope: Construct, id: string, props: SpokeNetworkProps) {
    super(scope, id);
    const { spoke, hub, ddosProtectionPlanId, ...placement } = props;
    this.virtualNetwork = new VirtualNetwork(this, "vnet", {
      ...placement,
      name: spoke.name,
      addressSpace: [spoke.addressSpace],
      // The spoke asks no other server.
      dnsServers: [...hub.dnsServers],
      ...(ddosProtectionPlanId === undefined ? {} : { ddosProtectionPlan: { id: ddosProtectionPlanId, enable: true } }),
    });
    const shared = {
      ...placement,
      virtualNetworkName: this.virtualNetwork.name,
      egress: hub.egress,
      routeTable: egressRoutes(this, "routes", "spoke-routes", hub.egress, placement),
    };
    this.integrationSubnet = new ProtectedSubnet(this, "integration-subnet", {
      ...shared,
      name: NAMES.integrationSubnet,
      cidr: spoke.integrationSubnet,
      delegation: {
        name: "app-service",
        serviceDelegation: {
          name: "Microsoft.Web/serverFarms",
          actions: ["Microsoft.Network/virtualNetworks/subnets/action"],
        },
      },
    });
    this.workloadSubnet = new ProtectedSubnet(this, "workload-subnet", {
      ...shared,
      name: NAMES.workloadSubnet,
      cidr: spoke.workloadSubnet,
      holdsPrivateEndpoints: true,
    });
    if (spoke.monitoringSubnet !== undefined) {
      this.monitoringSubnet = new ProtectedSubnet(this, "monitoring-subnet", {
        ...shared,
        name: NAMES.monitoringSubnet,
        cidr: spoke.monitoringSubnet,
        holdsPrivateEndpoints: true,
      });
    }
    const subnets = [
      this.integrationSubnet,
      this.workloadSubnet,
      ...(this.monitoringSubnet ? [this.monitoringSubnet] : []),
    ];
    peerNetworks(this, {
      hub,
      spoke: this.virtualNetwork,
      after: subnets.flatMap(({ parts }) => parts),
      ...placement,
    });
  }
}
