import { nameIn, networkOf } from "../../azure-facts/arm-ids";
import type { GeneralClaim } from "../claim";
import type { Model } from "../network/model";

export const peeringsAreWhole: GeneralClaim = {
  name: "peerings-are-whole",
  why: "A peering with one half carries nothing, and one that takes no forwarded traffic drops what the firewall passes on.",
  needs: "stacks",
  check: ({ model, reach }) =>
    model.networks.flatMap(({ id, isDeclared }) =>
      reach.lookup.halvesOf(id).flatMap(({ own, other }) => {
        // The owner of an existing network adds the other half.
        if (isDeclared) return [];
        const says = (what: string) => ({ what: `${own.name} of ${nameIn(id)} ${what}`, origin: own.origin });
        return [
          ...(other ? [] : [says("has no other half")]),
          ...(own.allowsAccess ? [] : [says("gives no access to the network")]),
          ...(own.allowsForwardedTraffic || !forwards(model, [id, own.remoteId])
            ? []
            : [says("takes no traffic that another network forwards")]),
          ...(own.usesRemoteGateway && other && !other.offersGateway
            ? [says("uses a gateway that the peer does not offer")]
            : []),
        ];
      }),
    ),
};

/** Whether something in one of two networks passes on what others send. */
function forwards({ firewalls, interfaces, gateways }: Model, networkIds: readonly string[]): boolean {
  return (
    [...firewalls, ...gateways].some(({ networkId }) => networkIds.includes(networkId)) ||
    interfaces.some(({ forwardsPackets, subnetId }) => forwardsPackets && networkIds.includes(networkOf(subnetId)))
  );
}
