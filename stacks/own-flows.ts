import { FlowEnd } from "../constructs/network/flow-end";
import type { IHub } from "../constructs/network/hub";
import { Port } from "../constructs/network/port";
import type { SpokeNetwork } from "../constructs/network/spoke-network";
import { endpointAddress, vnetAddressSpaces } from "../topology/addresses";
import { privateServicesOf } from "../topology/private-services";
import { hostInName } from "../topology/shortened";
import type { Region, Stamp } from "../topology/schema";

export interface OwnFlowsProps {
  readonly stamp: Stamp;
  readonly region: Region;
  readonly hub: IHub;
  readonly spoke: SpokeNetwork;
}

/** What the apps reach beside what the design needs: hosts on the Internet, services of the user's own, endpoints that exist. */
export function declareOwnFlows({ stamp, region, hub: { dns }, spoke }: OwnFlowsProps): void {
  const { egress, existingEndpoints } = stamp.access;
  const apps = spoke.integrationSubnet.connections;
  for (const { hosts, port, protocol, why } of egress) {
    const end = FlowEnd.hosts(`own-${named(hosts)}`, hosts, "Internet", dns);
    apps.allowTo(end, Port.web(protocol, port), why);
  }
  for (const [index, { hosts, link, why }] of privateServicesOf(stamp).entries()) {
    const addresses = [endpointAddress(region, `service:${index}`)];
    const end = FlowEnd.within(spoke.workloadSubnet, `service-${named(hosts)}`, addresses, { hosts, namedBy: dns });
    apps.allowTo(end, Port.tcp(link.port), why);
  }
  for (const { hosts, addresses, ports, why, regions = [region.location] } of existingEndpoints) {
    if (!regions.includes(region.location)) continue;
    const blocks = addresses.map((address) => `${address}/32`);
    for (const port of ports.map((number) => Port.tcp(number))) {
      // A filter that reads the host connects by itself, so that an endpoint's answers come back through it.
      const known = port === Port.https ? { hosts } : { names: hosts, needsTranslation: true };
      const end = FlowEnd.range(`existing-${named(hosts)}`, blocks, vnetAddressSpaces(region), {
        ...known,
        namedBy: dns,
      });
      apps.allowTo(end, port, why);
    }
  }
}

/** A rule's name has 80 characters, with the words around this. */
const LONGEST = 30;

/** By its first host: another entry before it renames no rule. */
function named([host = ""]: readonly string[]): string {
  return hostInName(host, LONGEST);
}
