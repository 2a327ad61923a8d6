import type { Topology } from "../../topology/schema";
import type { Reach } from "../reach/reach";
import type { DeclaredFlow } from "./declared-flow";
import { askingNames, HOSTS, HTTPS, sharesZones, toHosts, toNamespace, toProducer, toSite } from "./flow-forms";
import { placesIn } from "./places-in";
import { type RegionParts, siteNames } from "./region-parts";

export function callerFlows(parts: RegionParts, reach: Reach): DeclaredFlow[] {
  return placesIn(parts, parts.stamp.access.callers, reach).flatMap((place) => [
    askingNames(place, parts),
    ...toProducer(place, parts, reach),
  ]);
}

export function agentFlows(parts: RegionParts, { backend }: Topology, reach: Reach): DeclaredFlow[] {
  const { stamp, region, workload } = parts;
  const { deployAgents, deployAgentHosts } = stamp.access;
  return placesIn(parts, deployAgents, reach).flatMap((place) => [
    askingNames(place, parts),
    ...siteNames(region).map((site) =>
      toSite(place, parts, reach, { site, host: `${site}.scm.azurewebsites.net`, what: `publishing to ${site}` }),
    ),
    ...(place.subnet === workload
      ? [
          toHosts(place, HOSTS.publishing, HTTPS, "signing in, and Resource Manager"),
          ...(backend
            ? [toHosts(place, [`${backend.storageAccount}.blob.core.windows.net`], HTTPS, "Terraform's state")]
            : []),
          ...(deployAgentHosts.length > 0 ? [toHosts(place, deployAgentHosts, HTTPS, "what agents load")] : []),
        ]
      : []),
  ]);
}

/** People on call: every namespace by its own name, and the health of their region's apps. */
export function operatorFlows(parts: RegionParts, regions: readonly RegionParts[], reach: Reach): DeclaredFlow[] {
  const { stamp, region, workload } = parts;
  return placesIn(parts, stamp.access.operators.ranges, reach).flatMap((place) => [
    askingNames(place, parts),
    ...regions
      .filter((target) => target === parts || !sharesZones(stamp))
      .map((target) => toNamespace(place, parts, reach, target.region.serviceBus.namespace)),
    ...siteNames(region).map((site) =>
      toSite(place, parts, reach, { site, host: `${site}.azurewebsites.net`, what: `the health of ${site}` }),
    ),
    ...(place.subnet === workload ? [toHosts(place, HOSTS.publishing, HTTPS, "signing in, and Resource Manager")] : []),
  ]);
}
