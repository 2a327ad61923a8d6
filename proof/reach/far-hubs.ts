import type { Firewall, Network } from "../network/model";
import { common, without } from "../packets/packets";
import { whereChanceDecides } from "./by-chance";
import { deliver } from "./delivery";
import { throughFirewall } from "./firewall";
import { ended, type Flight, narrowed, type Outcome, type Step, stepped } from "./flight";
import type { Lookup } from "./lookup";

/** To ranges that an existing hub is declared to route to: another network of the stacks, where its own hub routes back. */
export function toFarNetworks(flight: Flight, firewall: Firewall, lookup: Lookup): Outcome[] {
  const outcomes: Outcome[] = [];
  let waiting: Flight[] = [flight];
  for (const network of lookup.model.networks) {
    if (network.isDeclared || network.id === firewall.networkId) continue;
    waiting = waiting.flatMap((each) => {
      const found = common(each.seen, { ...each.seen, to: network.addresses });
      if (!found) return [each];
      outcomes.push(...throughFarHub(narrowed(each, found), network, firewall, lookup));
      return without(each.seen, found).map((part) => narrowed(each, part));
    });
  }
  const step: Step = {
    stage: "route",
    by: firewall.name,
    why: "the hub is declared to route there, and what is there is not known",
    origin: firewall.origin,
  };
  return [
    ...outcomes,
    ...waiting.map((each) => ended(each, "unknown", step, { kind: "outside", name: `beyond ${firewall.name}` })),
  ];
}

function throughFarHub(flight: Flight, network: Network, firewall: Firewall, lookup: Lookup): Outcome[] {
  const hubs = lookup.peersOf(network.id).map(({ own }) => own.remoteId);
  const far = lookup.model.firewalls.find(
    ({ networkId, isDeclared, id }) =>
      isDeclared && hubs.includes(networkId) && id.includes(`-for-${network.name.toLowerCase()}-`),
  );
  const step = (why: string, origin = firewall.origin): Step => ({ stage: "route", by: firewall.name, why, origin });
  if (!far) return [ended(flight, "cannot", step(`no hub of ${network.name} is declared to take it`))];
  const { sent } = flight;
  if (
    !sent.from.isWithin(
      far.routesTo.or(flight.place.subnet ? lookup.network(far.networkId).addresses : far.routesTo),
    ) &&
    far.networkId !== firewall.networkId
  ) {
    return [ended(flight, "cannot", step(`the hub of ${network.name} is not declared to route back`, far.origin))];
  }
  const on = stepped(flight, step(`the hub is declared to route to ${network.name}`));
  if (far.networkId === firewall.networkId) return deliver(on, network.id, lookup);
  const { passed, dropped } = throughFirewall(on, far);
  return [...dropped, ...passed.flatMap((one) => whereChanceDecides(deliver(one, network.id, lookup)))];
}
