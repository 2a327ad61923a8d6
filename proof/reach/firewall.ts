import { ALL_ADDRESSES, addressesOf, PUBLIC_ADDRESSES } from "../packets/addresses";
import { common, type Packets, without } from "../packets/packets";
import { ALL_PORTS, TCP, tcp, UDP, udp } from "../packets/services";
import type { Firewall, FirewallRule } from "../network/model";
import { ended, type Flight, narrowed, type Outcome, type Step, stepped } from "./flight";

export interface Filtered {
  readonly passed: readonly Flight[];
  readonly dropped: readonly Outcome[];
}

/**
 * What Azure Firewall does to packets that a route leads to it: network rules, then application rules, then it denies. An application rule knows a destination by the host that the client
 * names, and always puts the firewall's address in the sender's place; a network rule does so for destinations outside `keepsSenderTo`
 * (learn.microsoft.com/azure/firewall/rule-processing, learn.microsoft.com/azure/firewall/snat-private-range).
 */
export function throughFirewall(flight: Flight, firewall: Firewall): Filtered {
  const passed: Flight[] = [];
  const dropped: Outcome[] = [];
  let waiting: Flight[] = [flight];
  for (const rule of firewall.rules) {
    if (rule.kind === "nat") continue;
    const rest: Flight[] = [];
    for (const each of waiting) {
      const { matched, left } = match(each, rule);
      rest.push(...left);
      for (const one of matched) {
        const step = stepOf(rule, firewall);
        if (rule.isAwaited === true) dropped.push(ended(one, "unknown", { ...step, waitsForOwner: true }));
        else if (rule.allows) passed.push(...translated(stepped(one, step), rule, firewall));
        else dropped.push(ended(one, "cannot", step));
      }
    }
    waiting = rest;
  }
  const deny: Step = {
    stage: "firewall",
    by: `${firewall.name}: no rule`,
    why: "no rule of the firewall allows it, and what none allows is denied",
    origin: firewall.rulesOrigin,
  };
  return { passed, dropped: [...dropped, ...waiting.map((each) => ended(each, "cannot", deny))] };
}

function stepOf(rule: FirewallRule, { name }: Firewall): Step {
  const hosts = rule.hosts === undefined ? "" : ` for ${rule.hosts.join(", ")}`;
  const verb = rule.isAwaited === true ? "is on the owner's list to allow" : rule.allows ? "allows" : "denies";
  return {
    stage: "firewall",
    by: `${name}: ${rule.collection}/${rule.name}`,
    why: `the ${rule.kind} rule ${verb} it${hosts}${rule.reason === "" ? "" : `: ${rule.reason}`}`,
    origin: rule.origin,
  };
}

function packetsOf({ sources, destinations, hosts, service }: FirewallRule): Packets {
  return {
    from: sources,
    to: hosts === undefined ? (destinations ?? ALL_ADDRESSES) : ALL_ADDRESSES,
    service,
    sourcePort: ALL_PORTS,
  };
}

function match(
  flight: Flight,
  rule: FirewallRule,
): { readonly matched: readonly Flight[]; readonly left: readonly Flight[] } {
  const packets = packetsOf(rule);
  const found = common(flight.seen, packets);
  if (!found) return { matched: [], left: [flight] };
  const inside = narrowed(flight, found);
  const left = without(flight.seen, packets).map((part) => narrowed(flight, part));
  const { hosts } = rule;
  if (hosts === undefined) return { matched: [inside], left };
  const { destination } = inside;
  const named = destination.hosts === undefined ? hosts : hosts.filter((host) => destination.hosts?.includes(host));
  return {
    matched: named.length === 0 ? [] : [{ ...inside, destination: { ...destination, hosts: named } }],
    // The same packets, where the client names another host.
    left: [...left, { ...inside, destination: { ...destination, notHosts: [...destination.notHosts, ...hosts] } }],
  };
}

/** The sender's address as the destination sees it. */
function translated(flight: Flight, rule: FirewallRule, firewall: Firewall): Flight[] {
  const asFirewall = (each: Flight): Flight => ({
    ...each,
    seen: { ...each.seen, from: firewall.ownAddresses, sourcePort: ALL_PORTS },
    changed: new Set([...each.changed, "from", "sourcePort"]),
    translatedBy: firewall,
  });
  if (rule.kind === "application") return [asFirewall(flight)];
  const kept = common(flight.seen, { ...flight.seen, to: firewall.keepsSenderTo });
  const other = flight.seen.to.minus(firewall.keepsSenderTo);
  return [
    ...(kept ? [{ ...narrowed(flight, kept), through: firewall }] : []),
    ...(other.isEmpty ? [] : [asFirewall(narrowed(flight, { ...flight.seen, to: other }))]),
  ];
}

/**
 * What comes from the Internet to a firewall's public address: a NAT rule leads it on, and allows it by that
 * (learn.microsoft.com/azure/firewall/rule-processing, "NAT rules").
 */
export function fromTheInternet(flight: Flight, firewall: Firewall): Filtered {
  const { publicAddress } = firewall;
  if (publicAddress === undefined) return { passed: [], dropped: [] };
  const address = addressesOf(publicAddress);
  const arrived = common(flight.seen, { ...flight.seen, to: address });
  if (!arrived) return { passed: [], dropped: [] };
  const passed: Flight[] = [];
  let waiting: Flight[] = [narrowed(flight, arrived)];
  for (const rule of firewall.rules) {
    const { translatesTo, destinations = PUBLIC_ADDRESSES } = rule;
    if (rule.kind !== "nat" || !translatesTo) continue;
    const packets: Packets = { from: rule.sources, to: destinations, service: rule.service, sourcePort: ALL_PORTS };
    waiting = waiting.flatMap((each) => {
      const found = common(each.seen, packets);
      if (!found) return [each];
      const inside = stepped(narrowed(each, found), stepOf(rule, firewall));
      for (const [protocol, service] of [
        [TCP, tcp(translatesTo.port)],
        [UDP, udp(translatesTo.port)],
      ] as const) {
        const part = common(inside.seen, { ...inside.seen, service: protocol });
        if (!part) continue;
        passed.push({
          ...narrowed(inside, part),
          seen: {
            from: firewall.ownAddresses,
            to: addressesOf(translatesTo.address),
            service,
            sourcePort: ALL_PORTS,
          },
          changed: new Set(["from", "to", "service", "sourcePort"] as const),
          translatedBy: firewall,
        });
      }
      return without(each.seen, packets).map((part) => narrowed(each, part));
    });
  }
  const step: Step = {
    stage: "firewall",
    by: `${firewall.name}: no NAT rule`,
    why: "no NAT rule leads it anywhere",
    origin: firewall.origin,
  };
  return { passed, dropped: waiting.map((each) => ended(each, "cannot", step, { kind: "firewall", firewall })) };
}
