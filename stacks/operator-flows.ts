import { FlowEnd } from "../constructs/network/flow-end";
import { HOSTS } from "../constructs/network/hosts";
import type { IHub } from "../constructs/network/hub";
import { Port } from "../constructs/network/port";
import { endpointAddress, namespaceEndpointAddresses } from "../topology/addresses";
import { appsOf, hostsOf } from "../topology/apps";
import { serviceBusHost } from "../topology/names";
import { rangeEnds, type RangePlace } from "./range-ends";

export interface OperatorFlowsProps extends RangePlace {
  readonly dns: IHub["dns"];
}

/** People on call: they move messages, ask the apps' health, and sign in. */
export function declareOperatorFlows({ stamp, region, spoke, dns }: OperatorFlowsProps): void {
  const workload = spoke.workloadSubnet;
  // By their own names: messages are moved from one namespace, whichever the alias names.
  const namespaces = FlowEnd.within(workload, "namespaces", namespaceEndpointAddresses(stamp, region), {
    hosts: stamp.regions.map(({ serviceBus }) => serviceBusHost(serviceBus.namespace)),
    namedBy: dns,
  });
  const planned = appsOf(stamp, region);
  const sites = FlowEnd.within(
    workload,
    "app-sites",
    planned.map(({ endpoint }) => endpointAddress(region, endpoint("site"))),
    { namedBy: dns, hosts: planned.map((app) => hostsOf(app).site) },
  );
  for (const operators of rangeEnds({ stamp, region, spoke }, "operators", stamp.access.operators.ranges)) {
    operators.allowTo(namespaces, Port.amqps, "People on call read, move and send messages by AMQP over TLS.");
    operators.allowTo(namespaces, Port.https, "AMQP over WebSocket, and management calls of people on call.");
    operators.allowTo(sites, Port.https, "People on call ask the apps' health, which says where the alias leads.");
    // Elsewhere the egress is another network's.
    if (!operators.isIn(workload.connections)) continue;
    operators.allowTo(
      FlowEnd.hosts("entra", [HOSTS.publishing.entra], "AzureActiveDirectory", dns),
      Port.https,
      "People on call sign in to Entra.",
    );
    operators.allowTo(
      FlowEnd.hosts("resource-manager", [HOSTS.publishing.resourceManager], "AzureResourceManager", dns),
      Port.https,
      "People on call ask Resource Manager for the pair, and fail it over.",
    );
  }
}
