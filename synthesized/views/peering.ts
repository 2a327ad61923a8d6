import { armId } from "../arm-id";
import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located } from "../resources";
import { flag, idIn, partOf, text } from "./attributes";

export interface Peering {
  readonly resource: Located;
  /** An ARM id, in lower case. */
  readonly id: string;
  /** The ARM id of the network that it leads from, in lower case. */
  readonly networkId: string;
  /** The ARM id of the network that it leads to, in lower case. */
  readonly remoteId: string;
  readonly allowsForwardedTraffic: boolean;
  readonly offersGateway: boolean;
  readonly usesRemoteGateway: boolean;
}

export function peeringsIn(stacks: readonly SynthesizedStack[]): Peering[] {
  const networks = all(stacks, "azurerm_virtual_network");
  return all(stacks, "azurerm_virtual_network_peering").map((resource) => {
    const peering = partOf(resource);
    const name = text(peering, "virtual_network_name");
    const own = networks.find(({ stack, block }) => stack === resource.stack && block.name === name);
    if (!own)
      throw new Error(`${peering.path}.virtual_network_name is "${name}", and no network of the stack has that name.`);
    const networkId = armId(own);
    return {
      resource,
      id: `${networkId}/virtualnetworkpeerings/${text(peering, "name").toLowerCase()}`,
      networkId,
      remoteId: idIn(peering, "remote_virtual_network_id"),
      allowsForwardedTraffic: flag(peering, "allow_forwarded_traffic", false),
      offersGateway: flag(peering, "allow_gateway_transit", false),
      usesRemoteGateway: flag(peering, "use_remote_gateways", false),
    };
  });
}
