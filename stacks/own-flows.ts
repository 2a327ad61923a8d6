import { createHash } from "node:crypto";
import { FlowEnd } from "../constructs/network/flow-end";
import type { IHub } from "../constructs/network/hub";
import { Port } from "../constructs/network/port";
import type { SpokeNetwork } from "../constructs/network/spoke-network";
import { endpointAddress, vnetAddressSpaces } from "../topology/addresses";
import { privateServicesOf } from "../topology/private-services";
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
    const end = FlowEnd.hosts(`own-${shortened(hosts)}`, hosts, "Internet", dns);
    apps.allowTo(end, Port.web(protocol, port), why);
  }
  for (const [index, { hosts, link, why }] of privateServicesOf(stamp).entries()) {
    const addresses = [endpointAddress(region, `service:${index}`)];
    const end = FlowEnd.within(spoke.workloadSubnet, `service-${shortened(hosts)}`, addresses, { hosts, namedBy: dns });
    apps.allowTo(end, Port.tcp(link.port), why);
  }
  for (const { hosts, addresses, port, why } of existingEndpoints) {
    const blocks = addresses.map((address) => `${address}/32`);
    const more = { names: hosts, namedBy: dns };
    const end = FlowEnd.range(`existing-${shortened(hosts)}`, blocks, vnetAddressSpaces(region), more);
    apps.allowTo(end, Port.tcp(port), why);
  }
}

/** A rule's name has 80 characters, with the words around this. */
const LONGEST = 30;

/** By its first host: another entry before it renames no rule. */
function shortened([host = ""]: readonly string[]): string {
  const name = host.replace("*", "all").replaceAll(".", "-");
  if (name.length <= LONGEST) return name;
  return `${name.slice(0, LONGEST - 9)}-${createHash("sha256").update(host).digest("hex").slice(0, 8)}`;
}
