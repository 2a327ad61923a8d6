import { nameIn } from "../../azure-facts/arm-ids";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { all, textOf } from "../../synthesized/resources";
import { existingHubsIn } from "../../synthesized/views/existing-hub";
import { forwardersIn } from "../../synthesized/views/forwarder";
import { virtualNetworksIn } from "../../synthesized/views/virtual-network";

/** A region's hub as it is drawn. */
export interface DrawnHub {
  /** Its ARM id. */
  readonly id: string;
  readonly title: string;
  readonly egress: string;
  readonly dns: string;
  readonly dnsServers: readonly string[];
}

/** The hub that a network stack makes, or the one that exists. @throws Error where the stack has neither */
export function drawnHub(network: SynthesizedStack): DrawnHub {
  const own = [network];
  const [existing] = existingHubsIn(own);
  if (existing) {
    const { networkId, addressSpaces, filter, dns } = existing;
    return {
      id: networkId.toLowerCase(),
      title: `${nameIn(networkId)} (exists) ${addressSpaces.join(", ")}`,
      egress: `its owner's filter\n${filter.address}`,
      dns: "its DNS servers (3)",
      dnsServers: dns.servers,
    };
  }
  const forwarders = forwardersIn(own);
  const hub = virtualNetworksIn(own).find(({ id }) => id === forwarders[0]?.networkId);
  if (!hub) throw new Error(`${network.name} has no hub: synthesize again, npm run synth.`);
  return {
    id: hub.id,
    title: `${hub.name} ${hub.addressSpace.join(", ")}`,
    egress: egressOf(network),
    dns: "BIND forwarders (3)",
    dnsServers: forwarders.flatMap(({ addresses }) => addresses),
  };
}

function egressOf(network: SynthesizedStack): string {
  const [gateway] = all([network], "azurerm_virtual_network_gateway");
  return gateway ? `${textOf(gateway, "type")} gateway` : "Azure Firewall\nlisted hosts only";
}
