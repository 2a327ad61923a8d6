import type { Connections } from "../constructs/network/connections";
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
  const own = FlowEnd.within(spoke.workloadSubnet, "service-bus", [endpointAddress(region, "ownNamespace")], {
    needsTranslation: true,
  });
  const networks = vnetAddressSpaces(region);
  const sends = stamp.access.producersInWorkloadSubnet;
  const near = [
    ...(region.functionApps.producer === undefined ? [] : [spoke.integrationSubnet]),
    ...(sends ? [spoke.workloadSubnet] : []),
  ];
  for (const other of reachedThroughHubs(stamp, region)) {
    const address = `${endpointAddress(other, "ownNamespace")}/32`;
    const names = [producerHost(stamp), serviceBusHost(other.serviceBus.namespace)];
    const far = FlowEnd.range(`service-bus-${other.location}`, [address], networks, {
      ...{ names, namedBy: dns, needsTranslation: true },
    });
    const comingFrom = [
      ...(other.functionApps.producer === undefined ? [] : [other.spoke.integrationSubnet]),
      ...(sends ? [other.spoke.workloadSubnet] : []),
    ];
    for (const port of [Port.amqps, Port.https]) {
      for (const { connections } of near) {
        connections.allowTo(
          far,
          port,
          "After a failover producers send to the other region's namespace, through the hubs.",
        );
      }
      if (comingFrom.length === 0) continue;
      throughTheHubs(`producers-in-${other.location}`, comingFrom, { region, other }).allowTo(
        own,
        port,
        "The other region's producers send to this namespace, through the hubs.",
      );
    }
  }
}

/** Hosts of the other region. The filters of both hubs put their own addresses in place of theirs: a private endpoint's answers would not come back otherwise. */
export function throughTheHubs(
  name: string,
  cidrs: readonly string[],
  { region, other }: { readonly region: Region; readonly other: Region },
): Connections {
  const rangesOf = ({ existingHub }: Region) => existingHub?.filter.ranges ?? [];
  return FlowEnd.range(name, [...new Set([...cidrs, ...rangesOf(other)])], vnetAddressSpaces(region), {
    seenAs: [...new Set([...rangesOf(region), ...rangesOf(other)])],
  });
}
