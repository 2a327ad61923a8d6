import { addressesOf, allOf, PRIVATE_ADDRESSES, PUBLIC_ADDRESSES } from "../packets/addresses";
import { common, without } from "../packets/packets";
import type { Firewall, Model } from "../network/model";
import { builtInOrigin } from "../network/origin";
import { whereChanceDecides } from "./by-chance";
import { deliver } from "./delivery";
import { toFarNetworks } from "./far-hubs";
import { fromTheInternet, throughFirewall } from "./firewall";
import { ended, type Flight, narrowed, type Outcome, type Step, stepped, takeOff } from "./flight";
import { Lookup } from "./lookup";
import { acrossPeering, usesGateway } from "./peering";
import { type Place, placesOf } from "./place";
import { type Hop, type Routed, routesAt, type Vantage, whyOf } from "./routes";
import { throughGroup } from "./security-groups";
import { toAzureResolver } from "./to-azure-resolver";
import { pastTheNetwork, toInternet } from "./to-the-internet";

/** A packet crosses two hubs at the most here: more firewalls in a row are a loop. */
const MOST_FIREWALLS = 3;

/** Which packets of each place arrive where. Each class of packets that everything treats alike is decided once. */
export class Reach {
  readonly lookup: Lookup;
  readonly places: readonly Place[];
  private readonly known = new Map<Place, readonly Outcome[]>();

  constructor(readonly model: Model) {
    this.lookup = new Lookup(model);
    this.places = placesOf(this.lookup);
  }

  /** @throws Error where there is none */
  place(name: string): Place {
    const found = this.places.find((place) => place.name === name);
    if (!found) throw new Error(`There is no place ${name}: ${this.places.map((place) => place.name).join(", ")}.`);
    return found;
  }

  /** Everything that a place can send, in parts that together are all of it, each with what becomes of it. */
  from(place: Place): readonly Outcome[] {
    const known = this.known.get(place);
    if (known) return known;
    const outcomes = this.start(takeOff(place));
    this.known.set(place, outcomes);
    return outcomes;
  }

  private start(flight: Flight): Outcome[] {
    const { place } = flight;
    switch (place.kind) {
      case "internet":
        return this.fromInternet(flight);
      case "on-premises": {
        const { gateway } = place;
        if (!gateway) return [];
        const subnet = this.lookup.subnet(gateway.subnetId);
        return this.route(flight, { networkId: gateway.networkId, routeTableId: subnet.routeTableId }, 0);
      }
      case "network":
        // Nothing is known of a subnet that no stack makes but where Azure's own routes lead.
        return place.network ? this.route(flight, { networkId: place.network.id }, 0) : [];
      case "beyond":
        return place.firewall ? this.fromBeyond(flight, place.firewall) : [];
      default:
        return this.fromNetwork(flight);
    }
  }

  /** What is connected to a hub comes by its firewall; how another owner leads it to his own hub's hosts is not of the stacks. */
  private fromBeyond(flight: Flight, firewall: Firewall): Outcome[] {
    const inHub = { ...flight.seen, to: this.lookup.network(firewall.networkId).addresses };
    const own = firewall.isDeclared ? common(flight.seen, inHub) : undefined;
    const rest = own ? without(flight.seen, own).map((part) => narrowed(flight, part)) : [flight];
    return [
      ...(own ? deliver(narrowed(flight, own), firewall.networkId, this.lookup) : []),
      ...rest.flatMap((part) => this.byFirewall(part, firewall, 0)),
    ];
  }

  private fromNetwork(flight: Flight): Outcome[] {
    const { place } = flight;
    const { subnet, machine, app } = place;
    if (!subnet) return pastTheNetwork(flight, "the app is not integrated with a network");
    const { inside, outcomes } = toAzureResolver(flight, this.lookup);
    const groups = [machine?.securityGroupId, subnet.securityGroupId].filter((id) => id !== undefined);
    const { networkId, routeTableId } = subnet;
    for (const part of inside) {
      // Without it App Service sends by the network what is private, and the rest by addresses of its own.
      const own = app && !app.routesAll ? common(part.seen, { ...part.seen, to: PUBLIC_ADDRESSES }) : undefined;
      if (own) {
        outcomes.push(...pastTheNetwork(narrowed(part, own), "vnet_route_all_enabled is off"));
      }
      const rest = own ? without(part.seen, own).map((each) => narrowed(part, each)) : [part];
      for (const each of rest) {
        let passed: readonly Flight[] = [each];
        for (const id of groups) {
          const results = passed.map((one) =>
            throughGroup(one, this.lookup.group(id), "Outbound", subnet, this.lookup),
          );
          passed = results.flatMap((result) => result.passed);
          outcomes.push(...results.flatMap(({ dropped }) => dropped.map(([one, step]) => ended(one, "cannot", step))));
        }
        outcomes.push(...passed.flatMap((one) => this.route(one, { networkId, routeTableId }, 0)));
      }
    }
    return outcomes;
  }

  /** Follows each effective route of a vantage. @param firewalls how many have passed the packets on so far */
  private route(flight: Flight, vantage: Vantage, firewalls: number): Outcome[] {
    return routesAt(vantage, this.lookup).flatMap((routed) => {
      const part = common(flight.seen, { ...flight.seen, to: routed.to });
      return part ? this.hop(narrowed(flight, part), routed, vantage, firewalls) : [];
    });
  }

  private hop(flight: Flight, { hop, name, origin }: Routed, vantage: Vantage, firewalls: number): Outcome[] {
    const step: Step = { stage: "route", by: name, why: whyOf(hop), origin };
    const on = stepped(flight, step);
    switch (hop.kind) {
      case "network":
      case "endpoint":
        return this.across(on, hop.networkId, vantage);
      case "appliance":
        return this.byAppliance(on, hop.address, vantage, firewalls, step);
      case "gateway":
        return this.byGateway(on, hop);
      case "internet":
        return toInternet(on, vantage, this.lookup);
      case "none":
        return [ended(flight, "cannot", step)];
    }
  }

  /** Into the vantage's own network, or across a peering into the next one. */
  private across(flight: Flight, networkId: string, vantage: Vantage): Outcome[] {
    if (networkId === vantage.networkId) return deliver(flight, networkId, this.lookup);
    const peering = this.lookup.peersOf(vantage.networkId).find(({ own }) => own.remoteId === networkId);
    if (!peering) return [];
    if (flight.place.kind === "on-premises" && !flight.through && !usesGateway(peering)) {
      const { name, origin } = peering.other;
      const why = "the peering uses no gateway of the other network: what comes from on-premises does not cross it";
      return [ended(flight, "cannot", { stage: "peering", by: name, why, origin })];
    }
    // The senders are in neither of the two networks.
    const forwarding = flight.through ? peering.other : undefined;
    const { passed, dropped } = acrossPeering(flight, peering, forwarding);
    return [...dropped, ...passed.flatMap((on) => deliver(on, networkId, this.lookup))];
  }

  private byAppliance(flight: Flight, address: string, vantage: Vantage, firewalls: number, step: Step): Outcome[] {
    const reached = new Set([
      vantage.networkId,
      ...this.lookup.peersOf(vantage.networkId).map(({ own }) => own.remoteId),
    ]);
    const candidates = this.lookup.firewallsAt(address).filter(({ networkId }) => reached.has(networkId));
    const spoke = flight.place.subnet?.networkId ?? "";
    // An existing hub is declared once for each spoke that uses it.
    const firewall =
      candidates.find(({ id }) => id.includes(`-for-${spoke.slice(spoke.lastIndexOf("/") + 1)}-`)) ?? candidates[0];
    if (firewall) return this.toFirewall(flight, firewall, vantage, firewalls);
    const machine = this.lookup.model.interfaces.find((each) => each.address === address);
    const fail = (verdict: "cannot" | "unknown", why: string) => [ended(flight, verdict, { ...step, why })];
    if (machine?.forwardsPackets)
      return fail("unknown", `${machine.name} forwards packets, and what it lets through is not known`);
    if (machine) return fail("cannot", `${machine.name} has the address, and forwards no packets`);
    return fail("cannot", `no appliance that this network reaches has the address ${address}`);
  }

  private toFirewall(flight: Flight, firewall: Firewall, vantage: Vantage, firewalls: number): Outcome[] {
    const step: Step = { stage: "peering", by: firewall.name, why: "", origin: firewall.origin };
    if (firewalls >= MOST_FIREWALLS)
      return [ended(flight, "cannot", { ...step, stage: "route", why: "the packets go round in a loop" })];
    if (firewall.networkId === vantage.networkId) return this.byFirewall(flight, firewall, firewalls);
    const peering = this.lookup.peersOf(vantage.networkId).find(({ own }) => own.remoteId === firewall.networkId);
    if (!peering) return [];
    // Answers that the firewall passes on come from neither of the two networks.
    const { passed, dropped } = acrossPeering(flight, peering, peering.own);
    return [...dropped, ...passed.flatMap((on) => this.byFirewall(on, firewall, firewalls))];
  }

  private byFirewall(flight: Flight, firewall: Firewall, firewalls: number): Outcome[] {
    const { passed, dropped } = throughFirewall(flight, firewall);
    return [...dropped, ...passed.flatMap((one) => whereChanceDecides(this.onwards(one, firewall, firewalls + 1)))];
  }

  /** From a firewall: by the routes of its subnet, and to what its owner declares that it routes to. */
  private onwards(flight: Flight, firewall: Firewall, firewalls: number): Outcome[] {
    const subnet = this.lookup
      .subnetsOf(firewall.networkId)
      .find(({ addresses }) => addressesOf(firewall.address).isWithin(addresses));
    const vantage = { networkId: firewall.networkId, routeTableId: subnet?.routeTableId };
    const declared = common(flight.seen, { ...flight.seen, to: firewall.routesTo });
    const rest = declared ? without(flight.seen, declared).map((part) => narrowed(flight, part)) : [flight];
    return [
      ...(declared ? toFarNetworks(narrowed(flight, declared), firewall, this.lookup) : []),
      ...rest.flatMap((part) => this.fromFirewall(part, firewall, vantage, firewalls)),
    ];
  }

  private fromFirewall(flight: Flight, firewall: Firewall, vantage: Vantage, firewalls: number): Outcome[] {
    return routesAt(vantage, this.lookup).flatMap((routed) => {
      const part = common(flight.seen, { ...flight.seen, to: routed.to });
      if (!part) return [];
      const each = narrowed(flight, part);
      if (routed.hop.kind !== "internet" && routed.hop.kind !== "none")
        return this.hop(each, routed, vantage, firewalls);
      const step: Step = { stage: "route", by: routed.name, why: whyOf(routed.hop), origin: routed.origin };
      const open = common(each.seen, { ...each.seen, to: PUBLIC_ADDRESSES });
      const outcomes: Outcome[] = [];
      if (open && firewall.publicAddress !== undefined)
        outcomes.push(ended(narrowed(each, open), "reaches", step, { kind: "internet" }));
      else if (open)
        outcomes.push(ended(narrowed(each, open), "cannot", { ...step, why: "the firewall has no public address" }));
      for (const other of open ? without(each.seen, open) : [each.seen]) {
        const apart = narrowed(each, other);
        const hidden = common(apart.seen, { ...apart.seen, to: PRIVATE_ADDRESSES });
        // A hub may be connected to more than the stacks show: an address that is declared to be beyond it is where they cannot see.
        if (hidden) {
          const why = "no network of the stacks has the address: what the hub is connected to beside them is not known";
          outcomes.push(
            ended(
              narrowed(apart, hidden),
              "unknown",
              { ...step, why },
              { kind: "outside", name: `beyond ${firewall.name}` },
            ),
          );
        }
        for (const left of hidden ? without(apart.seen, hidden) : [apart.seen])
          outcomes.push(ended(narrowed(apart, left), "cannot", { ...step, why: "no host has the address" }));
      }
      return outcomes;
    });
  }

  private byGateway(flight: Flight, hop: Extract<Hop, { kind: "gateway" }>): Outcome[] {
    const name = hop.site?.name ?? `on-premises behind ${hop.gateway.name}`;
    const step: Step = {
      stage: "route",
      by: hop.gateway.name,
      why: "the gateway leads to on-premises, which decides what passes",
      origin: hop.gateway.origin,
    };
    return [ended(flight, "unknown", step, { kind: "outside", name })];
  }

  private fromInternet(flight: Flight): Outcome[] {
    const outcomes: Outcome[] = [];
    const { model } = this.lookup;
    const reachable = [
      ...model.firewalls.flatMap(({ publicAddress }) => publicAddress ?? []),
      ...model.interfaces.flatMap(({ publicAddress }) => publicAddress ?? []),
    ];
    for (const firewall of model.firewalls) {
      if (firewall.isDeclared) continue;
      const { passed, dropped } = fromTheInternet(flight, firewall);
      outcomes.push(...dropped, ...passed.flatMap((one) => whereChanceDecides(this.onwards(one, firewall, 1))));
    }
    for (const machine of model.interfaces) {
      if (machine.publicAddress === undefined) continue;
      const found = common(flight.seen, { ...flight.seen, to: addressesOf(machine.publicAddress) });
      if (!found) continue;
      const subnet = this.lookup.subnet(machine.subnetId);
      const arrived = narrowed(flight, found);
      const inside: Flight = {
        ...arrived,
        seen: { ...found, to: addressesOf(machine.address) },
        changed: new Set(["to"] as const),
      };
      outcomes.push(...deliver(inside, subnet.networkId, this.lookup));
    }
    const step: Step = {
      stage: "route",
      by: "the Internet",
      why: "private addresses are not routed on the Internet",
      origin: builtInOrigin("the Internet"),
    };
    const own = allOf(reachable);
    const rest = without(flight.seen, { ...flight.seen, to: own.or(PUBLIC_ADDRESSES) });
    return [...outcomes, ...rest.map((part) => ended(narrowed(flight, part), "cannot", step))];
  }
}
