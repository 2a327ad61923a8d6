import { armId } from "../arm-id";
import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located } from "../resources";
import { partOf, text, texts } from "./attributes";

export interface VirtualNetwork {
  readonly resource: Located;
  /** An ARM id, in lower case. */
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** CIDR blocks. */
  readonly addressSpace: readonly string[];
  /** Addresses; none: Azure's resolver. */
  readonly dnsServers: readonly string[];
}

export function virtualNetworksIn(stacks: readonly SynthesizedStack[]): VirtualNetwork[] {
  return all(stacks, "azurerm_virtual_network").map((resource) => {
    const network = partOf(resource);
    return {
      resource,
      id: armId(resource),
      name: text(network, "name"),
      location: text(network, "location"),
      addressSpace: texts(network, "address_space"),
      dnsServers: texts(network, "dns_servers"),
    };
  });
}
