import { FlowEnd } from "../constructs/network/flow-end";
import type { IHub } from "../constructs/network/hub";
import { Port } from "../constructs/network/port";
import type { SpokeNetwork } from "../constructs/network/spoke-network";
import { endpointAddress, vnetAddressSpaces } from "../topology/addresses";
import { producerHost, serviceBusHost } from "../topology/names";
import type { Region, Stamp } from "../topology/schema";
import { reachedThroughHubs } from "../topology/zones";

export interface FarFlowsProps {
  readonly stamp: Stamp;
  readonly region: Region;
  readonly hub: IHub;
  readonly spoke: SpokeNetwork;
}

/**
 * What crosses the hubs where the regions keep their names in one set of zones: a namespace then has one endpoint, in its own region's spoke, and the other region's
 * producers send to it there.
 */
export function declareFarFlows({ stamp, region, hub: { dns }, spoke }: FarFlowsProps): void {
  const own = FlowEnd.within(spoke.workloadSubnet, "service-bus", [endpointAddress(region, "ownNamespace")]);
  const networks = vnetAddressSpaces(region);
  const hosts = [spoke.integrationSubnet, ...(stamp.access.producersInWorkloadSubnet ? [spoke.workloadSubnet] : [])];
  for (const other of reachedThroughHubs(stamp, region)) {
    const address = `${endpointAddress(other, "ownNamespace")}/32`;
    const names = [producerHost(stamp), serviceBusHost(other.serviceBus.namespace)];
    const far = FlowEnd.range(`service-bus-${other.location}`, [address], networks, { names, namedBy: dns });
    const comingFrom = [
      other.spoke.integrationSubnet,
      ...(stamp.access.producersInWorkloadSubnet ? [other.spoke.workloadSubnet] : []),
    ];
    const producers = FlowEnd.range(`producers-in-${other.location}`, comingFrom, networks);
    for (const port of [Port.amqps, Port.https]) {
      for (const { connections } of hosts) {
        connections.allowTo(
          far,
          port,
          "After a failover producers send to the other region's namespace, through the hubs.",
        );
      }
      producers.allowTo(own, port, "The other region's producers send to this namespace, through the hubs.");
    }
  }
}
