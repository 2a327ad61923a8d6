import type { Peering } from "../network/model";
import { ended, type Flight, type Outcome, type Step, stepped } from "./flight";
import type { PeeringHalves } from "./lookup";

export interface Crossed {
  readonly passed: readonly Flight[];
  readonly dropped: readonly Outcome[];
}

/**
 * Across a peering: both halves have to give access to the network.
 *
 * @param forwarding the half that has to take what another network forwards. @default neither: sender and destination are in the two networks
 */
export function acrossPeering(flight: Flight, { own, other }: PeeringHalves, forwarding?: Peering): Crossed {
  const step = ({ name, origin }: Peering, why: string): Step => ({ stage: "peering", by: name, why, origin });
  const closed = [own, other].find(({ allowsAccess }) => !allowsAccess);
  if (closed)
    return {
      passed: [],
      dropped: [ended(flight, "cannot", step(closed, "the peering gives no access to the network"))],
    };
  if (forwarding && !forwarding.allowsForwardedTraffic) {
    const lost = forwarding === own ? ": the firewall's answers are dropped" : "";
    const why = `the peering takes no traffic that another network forwards${lost}`;
    return { passed: [], dropped: [ended(flight, "cannot", step(forwarding, why))] };
  }
  const taken = forwarding ? ", and forwarded traffic is taken" : "";
  return { passed: [stepped(flight, step(own, `both halves of the peering are there${taken}`))], dropped: [] };
}

/** Whether what comes by a gateway of the one network crosses into the other (learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit). */
export function usesGateway({ own, other }: PeeringHalves): boolean {
  return own.offersGateway && other.usesRemoteGateway;
}
