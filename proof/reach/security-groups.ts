import { DEFAULT_RULES } from "../../azure-facts/security-groups";
import { PUBLIC_ADDRESSES } from "../packets/addresses";
import { common, without } from "../packets/packets";
import { ALL_PORTS, ALL_SERVICES } from "../packets/services";
import type { SecurityGroup, SecurityRule, Subnet } from "../network/model";
import { builtInOrigin } from "../network/origin";
import { type Flight, narrowed, type Step, stepped } from "./flight";
import type { Lookup } from "./lookup";
import { meaningOf } from "./tags";

/** What a group does to packets: it lets some through, and drops others by a rule. */
export interface Filtered {
  readonly passed: readonly Flight[];
  readonly dropped: readonly (readonly [flight: Flight, step: Step])[];
}

type Direction = SecurityRule["direction"];

const DEFAULTS: readonly SecurityRule[] = DEFAULT_RULES.map(
  ({ name, direction, priority, access, source, destination }) => ({
    name,
    reason: "a default rule of Azure's",
    priority,
    direction,
    allows: access === "Allow",
    service: ALL_SERVICES,
    sourcePort: ALL_PORTS,
    sources: [source],
    destinations: [destination],
    origin: builtInOrigin(`the default rule ${name}`),
  }),
);

/**
 * Evaluates a group's rules by their priorities: the first that matches decides.
 *
 * @param subnet whose network and routes decide what VirtualNetwork means
 */
export function throughGroup(
  flight: Flight,
  group: SecurityGroup,
  direction: Direction,
  subnet: Subnet,
  lookup: Lookup,
): Filtered {
  const passed: Flight[] = [];
  const dropped: (readonly [Flight, Step])[] = [];
  let waiting: Flight[] = [flight];
  for (const rule of [...group.rules, ...DEFAULTS]) {
    if (rule.direction !== direction) continue;
    if (waiting.length === 0) break;
    const rest: Flight[] = [];
    for (const each of waiting) {
      const { matched, left } = match(each, rule, subnet, lookup);
      rest.push(...left);
      for (const one of matched) {
        const step = stepOf(rule, group, direction);
        if (rule.allows) passed.push(stepped(one, step));
        else dropped.push([one, step]);
      }
    }
    waiting = rest;
  }
  return { passed, dropped };
}

function stepOf(rule: SecurityRule, { name }: SecurityGroup, direction: Direction): Step {
  const verb = rule.allows ? "allows" : "denies";
  return {
    stage: direction === "Outbound" ? "security group out" : "security group in",
    by: `${name}: ${rule.name}`,
    why: `the rule ${verb} it at priority ${rule.priority}${rule.reason === "" ? "" : `: ${rule.reason}`}`,
    origin: rule.origin,
  };
}

function match(
  flight: Flight,
  rule: SecurityRule,
  subnet: Subnet,
  lookup: Lookup,
): { readonly matched: readonly Flight[]; readonly left: readonly Flight[] } {
  const sources = meaningOf(rule.sources, subnet, lookup);
  const destinations = meaningOf(rule.destinations, subnet, lookup);
  const { service, sourcePort } = rule;
  const exact = { from: sources.addresses, to: destinations.addresses, service, sourcePort };
  const found = common(flight.seen, exact);
  const matched = found ? [narrowed(flight, found)] : [];
  let left = found ? without(flight.seen, exact).map((part) => narrowed(flight, part)) : [flight];
  for (const tag of destinations.tags) {
    const tagged = { ...exact, to: PUBLIC_ADDRESSES.minus(destinations.addresses) };
    const next: Flight[] = [];
    for (const each of left) {
      const { inTags, notInTags } = each.destination;
      const part = notInTags.includes(tag) ? undefined : common(each.seen, tagged);
      if (!part) {
        next.push(each);
        continue;
      }
      next.push(...without(each.seen, tagged).map((other) => narrowed(each, other)));
      const inside = narrowed(each, part);
      if (inTags.includes(tag)) {
        matched.push(inside);
        continue;
      }
      matched.push({ ...inside, destination: { ...each.destination, inTags: [...inTags, tag] } });
      next.push({ ...inside, destination: { ...each.destination, notInTags: [...notInTags, tag] } });
    }
    left = next;
  }
  for (const tag of sources.tags) {
    const tagged = { ...exact, from: PUBLIC_ADDRESSES.minus(sources.addresses) };
    // Of what comes from the Internet it is not known whether the sender is in the tag: both are followed, and both are unsure.
    matched.push(
      ...left.flatMap((each) => {
        const part = common(each.seen, tagged);
        return part ? [{ ...narrowed(each, part), unsure: `which addresses the service tag ${tag} holds` }] : [];
      }),
    );
    left = left.flatMap((each) => {
      const part = common(each.seen, tagged);
      if (!part) return [each];
      return [
        ...without(each.seen, tagged).map((other) => narrowed(each, other)),
        { ...narrowed(each, part), unsure: `which addresses the service tag ${tag} holds` },
      ];
    });
  }
  return { matched, left };
}
