import { HOSTS } from "../constructs/network/hosts";
import type { IHub } from "../constructs/network/hub";
import { FlowEnd } from "../constructs/network/flow-end";
import { Port } from "../constructs/network/port";
import type { SpokeNetwork } from "../constructs/network/spoke-network";
import { endpointAddress, namespaceEndpointAddresses, vnetAddressSpaces } from "../topology/addresses";
import { appsOf, hostsOf, type PlannedApp, storageAddresses } from "../topology/apps";
import { producerHost, serviceBusHost } from "../topology/names";
import type { Region, Stamp, Topology } from "../topology/schema";
import { declareFarFlows } from "./far-flows";
import { declareTelemetry } from "./telemetry-flow";
import { declareOperatorFlows } from "./operator-flows";
import { declareOwnFlows } from "./own-flows";
import { rangeEnds } from "./range-ends";

export interface FlowsProps {
  /** Where the state is, which deploy agents read and write. */
  readonly backend: Topology["backend"];
  readonly stamp: Stamp;
  readonly region: Region;
  readonly hub: IHub;
  readonly spoke: SpokeNetwork;
}

/** Behind Azure Monitor's: this rule's tag covers Azure Monitor too, and would decide in its place. */
const BUNDLES_RULE = { priority: 499 };

/**
 * Who talks to whom in a region, and why. What is not here is denied.
 *
 * The forwarders' questions to Azure's resolver need no rule: routes and NSGs leave 168.63.129.16 alone, unless a rule names
 * AzurePlatformDNS (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
 */
export function declareFlows({ backend, stamp, region, hub, spoke }: FlowsProps): void {
  const { access } = stamp;
  const { dns, forwarderSubnet } = hub;
  const apps = spoke.integrationSubnet.connections;
  const workload = spoke.workloadSubnet;
  const named = { namedBy: dns };
  const namespaces = FlowEnd.within(workload, "service-bus", namespaceEndpointAddresses(stamp, region), {
    ...named,
    hosts: [
      ...new Set([producerHost(stamp), ...stamp.regions.map(({ serviceBus }) => serviceBusHost(serviceBus.namespace))]),
    ],
  });
  const place = { stamp, region, spoke };
  const planned = appsOf(stamp, region);
  const storage = FlowEnd.within(
    workload,
    "host-storage",
    planned.flatMap((app) => storageAddresses(region, app)),
    { ...named, hosts: planned.flatMap((app) => hostsOf(app).storage) },
  );
  const siteOf = ({ endpoint }: PlannedApp) => endpointAddress(region, endpoint("site"));
  // A region may have consumers alone.
  const producers = planned
    .filter(({ kind }) => kind === "producer")
    .map((app) => FlowEnd.within(workload, "producer-site", [siteOf(app)], { ...named, hosts: [hostsOf(app).site] }));
  const sites = FlowEnd.within(workload, "sites", planned.map(siteOf), {
    ...named,
    hosts: planned.map((app) => hostsOf(app).scm),
  });

  apps.allowTo(dns, Port.dns, "The apps resolve every name through the forwarders.");
  apps.allowTo(namespaces, Port.amqps, "Producers send and consumers receive by AMQP over TLS.");
  apps.allowTo(namespaces, Port.https, "AMQP over WebSocket, and the triggers' management calls.");
  apps.allowTo(storage, Port.https, "The Functions hosts keep leases, keys and timers in their storage.");
  declareTelemetry({ stamp, region, hub, spoke });
  if (stamp.extensionBundlesFromCdn) {
    apps.allowTo(
      FlowEnd.hosts("extension-bundles", HOSTS.extensionBundles, "Internet", dns),
      Port.https,
      "The host loads its extensions from a CDN that no narrower tag covers; the route leads to the filter.",
      BUNDLES_RULE,
    );
  }
  if (stamp.authentication) {
    apps.allowTo(
      FlowEnd.hosts("entra", HOSTS.authentication, "AzureActiveDirectory", dns),
      Port.https,
      "App Service's authentication fetches Entra's keys; by one report it leaves by the VNet.",
    );
  }

  declareOwnFlows({ stamp, region, hub, spoke });

  forwarderSubnet?.allowTo(
    FlowEnd.hosts("ubuntu-packages", HOSTS.ubuntuPackages, "Internet"),
    [Port.http, Port.https],
    "The forwarders install and patch from Ubuntu's archive; no tag covers it, the route leads to the filter.",
  );
  const conditionalForwards = stamp.forwarders?.conditionalForwards ?? [];
  if (forwarderSubnet && conditionalForwards.length > 0) {
    const servers = [...new Set(conditionalForwards.flatMap((forward) => forward.servers))].map(
      (server) => `${server}/32`,
    );
    forwarderSubnet.allowTo(
      FlowEnd.range("on-premises-dns", servers, vnetAddressSpaces(region)),
      Port.dns,
      "The forwarders ask on-premises servers for the zones that the topology lists.",
    );
  }

  if (access.producersInWorkloadSubnet) {
    const senders = workload.connections;
    senders.allowTo(dns, Port.dns, "Producers in the workload subnet resolve through the forwarders.");
    senders.allowTo(namespaces, Port.amqps, "Producers in the workload subnet send by AMQP over TLS.");
    senders.allowTo(namespaces, Port.https, "Producers in the workload subnet send by AMQP over WebSocket.");
    for (const producer of producers)
      senders.allowTo(producer, Port.https, "Producers in the workload subnet post to the producer app.");
  }
  declareFarFlows({ stamp, region, hub, spoke });
  declareOperatorFlows({ ...place, dns });
  for (const producer of producers) {
    for (const callers of rangeEnds(place, "callers", access.callers))
      callers.allowTo(producer, Port.https, "Callers that the topology names post to the producer app.");
  }
  for (const agents of rangeEnds(place, "deploy-agents", access.deployAgents)) {
    agents.allowTo(sites, Port.https, "Deploy agents that the topology names publish code to the sites.");
    // Elsewhere the egress is another network's.
    if (agents.isIn(workload.connections)) {
      agents.allowTo(
        FlowEnd.hosts("entra", [HOSTS.publishing.entra], "AzureActiveDirectory", dns),
        Port.https,
        "The publisher signs in to Entra.",
      );
      agents.allowTo(
        FlowEnd.hosts("resource-manager", [HOSTS.publishing.resourceManager], "AzureResourceManager", dns),
        Port.https,
        "The publisher asks Resource Manager for a site's SCM host.",
      );
      if (backend) {
        agents.allowTo(
          FlowEnd.hosts("state", [`${backend.storageAccount}.blob.core.windows.net`], "Storage", dns),
          Port.https,
          "Terraform keeps its state there.",
        );
      }
      if (access.deployAgentHosts.length > 0) {
        agents.allowTo(
          FlowEnd.hosts("deploy-hosts", access.deployAgentHosts, "Internet", dns),
          Port.https,
          "Deploy agents get what the topology lists for them; no tag covers it, the route leads to the filter.",
        );
      }
    }
  }
}
