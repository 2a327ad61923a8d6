import type { ServiceTag } from "../../azure-facts/service-tags";
import { contains } from "../../topology/cidr";
import { Connections, type End, type IConnectable } from "./connections";
import type { ProtectedSubnet } from "./protected-subnet";

/** Ends of flows that are no construct of their own. */
export const FlowEnd = {
  /** Addresses within a protected subnet: private endpoints, forwarders, hosts. That subnet's NSG guards them. */
  within(
    subnet: ProtectedSubnet,
    name: string,
    addresses: readonly string[],
    more: Pick<End, "hosts" | "namedBy" | "admits" | "answers" | "needsTranslation"> = {},
  ): Connections {
    return new Connections({ ...subnet.end, part: true, name, addresses, ...more });
  },

  /** Private ranges, all inside the region's own networks or all beyond the filter. */
  range(
    name: string,
    cidrs: readonly string[],
    ownNetworks: readonly string[],
    more: Pick<End, "admits" | "answers" | "hosts" | "names" | "namedBy" | "needsTranslation" | "seenAs"> = {},
  ): Connections {
    const outside = cidrs.some((cidr) => !ownNetworks.some((network) => contains(network, cidr)));
    return new Connections({ name, addresses: cidrs, outside, ...more });
  },

  /**
   * Hosts on the Internet that only a firewall can distinguish.
   *
   * @param tag the narrowest service tag that covers them, for the NSG
   * @param namedBy who answers for them. @default Azure's own resolver
   */
  hosts(name: string, hosts: readonly string[], tag: ServiceTag, namedBy?: IConnectable): Connections {
    return new Connections({ name, addresses: [tag], hosts, outside: true, ...(namedBy ? { namedBy } : {}) });
  },
};
