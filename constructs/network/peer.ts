import { contains } from "../../topology/cidr";
import { Connections } from "./connections";
import type { ProtectedSubnet } from "./protected-subnet";

/** Ends of flows that are no construct of their own. */
export const Peer = {
  /** Addresses within a protected subnet: private endpoints, forwarders. That subnet's NSG guards them. */
  within(subnet: ProtectedSubnet, name: string, addresses: readonly string[]): Connections {
    return new Connections({ ...subnet.end, name, addresses });
  },

  /** A private range: inside where it lies in one of the region's own networks, else beyond the filter. */
  range(name: string, cidrs: readonly string[], ownNetworks: readonly string[]): Connections {
    const outside = cidrs.some((cidr) => !ownNetworks.some((network) => contains(network, cidr)));
    return new Connections({ name, addresses: cidrs, outside });
  },

  /**
   * Hosts on the Internet that only a firewall can tell apart.
   *
   * @param tag the narrowest service tag that covers them, for the NSG
   */
  hosts(name: string, hosts: readonly string[], tag: "AzureMonitor" | "Internet"): Connections {
    return new Connections({ name, addresses: [tag], hosts, outside: true });
  },
};
