import { isInTag, matchesHost } from "../../azure-facts/service-tag-hosts";
import type { FlowClaim, FlowProof, Violation } from "../claim";
import type { DeclaredFlow } from "../declared/declared-flow";
import { addressesOf, addressesText, ALL_ADDRESSES, PUBLIC_ADDRESSES } from "../packets/addresses";
import { type Packets, without } from "../packets/packets";
import { ALL_PORTS, servicesText, translated } from "../packets/services";
import type { FirewallRule, SecurityRule, Subnet } from "../network/model";
import { type Flight, takeOff } from "../reach/flight";
import { throughGroup } from "../reach/security-groups";
import { meaningOf } from "../reach/tags";

/**
 * Each rule that allows something allows no more than the flows that are declared, by itself: another rule at the other end may close what it opens, and that is then the only one
 * that does.
 */
export const noRuleIsWider: FlowClaim = {
  name: "no-rule-is-wider",
  why: "A rule opens more than is declared. Where another rule on the way closes it, that rule is the only one.",
  needs: "flows",
  check: (proof) => {
    const byPattern = flowsByPattern(proof.flows);
    const bySubnet = flowsBySubnet(proof.flows);
    return [
      ...proof.model.subnets.flatMap((subnet) => wideInGroup(subnet, proof, bySubnet.get(subnet.id) ?? [])),
      ...proof.model.firewalls
        .filter(({ isDeclared }) => !isDeclared)
        .flatMap(({ rules }) => rules.filter(({ allows }) => allows))
        .flatMap((rule) => wideInFirewall(rule, proof, byPattern)),
    ];
  },
};

/** Flows by the host names that they are declared for: many flows have the same ones. */
function flowsByPattern(flows: readonly DeclaredFlow[]): ReadonlyMap<string, readonly DeclaredFlow[]> {
  const groups = new Map<string, DeclaredFlow[]>();
  for (const flow of flows)
    for (const pattern of new Set((flow.hosts ?? flow.names).map((each) => each.toLowerCase())))
      groups.set(pattern, [...(groups.get(pattern) ?? []), flow]);
  return groups;
}

/** Flows by the subnet that they are sent from. */
function flowsBySubnet(flows: readonly DeclaredFlow[]): ReadonlyMap<string, readonly DeclaredFlow[]> {
  const groups = new Map<string, DeclaredFlow[]>();
  for (const flow of flows) {
    const id = flow.place.subnet?.id;
    if (id === undefined) continue;
    const group = groups.get(id);
    if (group) group.push(flow);
    else groups.set(id, [flow]);
  }
  return groups;
}

function wideInGroup(subnet: Subnet, proof: FlowProof, own: readonly DeclaredFlow[]): Violation[] {
  if (subnet.securityGroupId === undefined) return [];
  const group = proof.reach.lookup.group(subnet.securityGroupId);
  const { rules, name } = group;
  const byDefault = (["Outbound", "Inbound"] as const).flatMap((direction) =>
    throughGroup(everythingAt(subnet), group, direction, subnet, proof.reach.lookup)
      .passed.flatMap(({ steps }) => steps.at(-1) ?? [])
      // The rules of the group are in a file; Azure's own are not.
      .filter(({ origin }) => origin.keys.length === 0)
      .slice(0, 1)
      .map(({ by }) => ({
        what: `${name} leaves some packets ${direction.toLowerCase()} to Azure's default rules, which let them pass: ${by}`,
        origin: group.origin,
      })),
  );
  const near = nearTo(subnet, proof, own);
  const wide = rules
    .filter(({ allows }) => allows)
    .flatMap((rule) => {
      const left = beyondDeclared(rule, subnet, near, proof);
      return left.map((packets) => ({
        what: `${name}: ${rule.name} also allows ${addressesText(packets.from)} to ${addressesText(packets.to)} on ${servicesText(packets.service)}`,
        origin: rule.origin,
      }));
    });
  return [...byDefault, ...wide, ...rules.flatMap((rule) => idleTags(rule, name, subnet, { ...proof, flows: own }))];
}

/** Tags of a rule towards the Internet that hold none of the hosts that the rule's senders are declared to reach. Internet is for hosts that no narrower tag is known to hold. */
function idleTags(rule: SecurityRule, group: string, subnet: Subnet, { flows, reach }: FlowProof): Violation[] {
  if (!rule.allows || rule.direction !== "Outbound") return [];
  const { addresses } = meaningOf(rule.sources, subnet, reach.lookup);
  const hosts = flows
    .filter(({ service }) => !service.and(rule.service).isEmpty)
    .filter((flow) => !sendersOf(flow, reach).and(addresses).isEmpty)
    .flatMap((flow) => flow.hosts ?? [])
    .map((host) => host.toLowerCase().replace(/^\*/, "any"));
  const isNeeded = (tag: string) =>
    tag.toLowerCase() === "internet"
      ? hosts.some((host) => isInTag(host, ANY_TAG) === undefined)
      : hosts.some((host) => isInTag(host, tag) !== false);
  return rule.destinations
    .filter((each) => /^[a-z]/i.test(each) && !/^(virtualnetwork|azureloadbalancer|any)$/i.test(each))
    .filter((tag) => !isNeeded(tag))
    .map((tag) => ({
      what: `${group}: ${rule.name} also allows the tag ${tag}, and no host that is declared needs it`,
      origin: rule.origin,
    }));
}

/** Of a host that some tag is known to hold, it is known whether this one does. */
const ANY_TAG = "Storage";

function everythingAt(subnet: Subnet): Flight {
  return takeOff({ name: subnet.name, kind: "subnet", addresses: ALL_ADDRESSES, subnet, origin: subnet.origin });
}

function beyondDeclared(rule: SecurityRule, subnet: Subnet, near: Near, { reach }: FlowProof): Packets[] {
  const isOut = rule.direction === "Outbound";
  const sources = meaningOf(rule.sources, subnet, reach.lookup);
  const destinations = meaningOf(rule.destinations, subnet, reach.lookup);
  // Only hosts of the subnet send what it lets out, and take what it lets in.
  const from = isOut ? sources.addresses.and(subnet.addresses) : sources.addresses;
  const to = (destinations.tags.length > 0 ? destinations.addresses.or(PUBLIC_ADDRESSES) : destinations.addresses).and(
    isOut ? ALL_ADDRESSES : subnet.addresses,
  );
  let left: Packets[] = [{ from, to, service: rule.service, sourcePort: ALL_PORTS }];
  for (const packets of isOut ? near.sent : near.received) left = left.flatMap((each) => without(each, packets));
  return left.filter((packets) => !packets.to.isEmpty && !packets.from.isEmpty);
}

/** What is declared of a subnet: what its hosts send, and what is sent to them as they see it. */
interface Near {
  readonly sent: readonly Packets[];
  readonly received: readonly Packets[];
}

function nearTo(subnet: Subnet, { reach, flows, model }: FlowProof, own: readonly DeclaredFlow[]): Near {
  // A firewall on the way puts its own address in the sender's place.
  const filters = model.firewalls
    .filter(({ networkId }) => isOnTheWay(networkId, subnet, reach))
    .map(({ ownAddresses }) => ownAddresses);
  const packetsOf = ({ to, service }: DeclaredFlow, from: Packets["from"]) => ({
    from,
    to,
    service,
    sourcePort: ALL_PORTS,
  });
  return {
    sent: own.map((flow) => packetsOf(flow, sendersOf(flow, reach))),
    received: flows
      .filter(({ hosts, to }) => hosts === undefined && !to.and(subnet.addresses).isEmpty)
      .flatMap((flow) => [sendersOf(flow, reach), ...filters].map((from) => packetsOf(flow, from))),
  };
}

/** A flow of every host of a subnet is written for the whole subnet, the addresses that Azure keeps among them. */
function sendersOf({ place }: DeclaredFlow, { places }: FlowProof["reach"]): Packets["from"] {
  return (places.includes(place) ? place.subnet?.addresses : undefined) ?? place.addresses;
}

/** The filters of the subnet's own hub, and of another hub that reaches it through that. */
function isOnTheWay(hubId: string, subnet: Subnet, { lookup, model }: FlowProof["reach"]): boolean {
  const near = lookup.peersOf(subnet.networkId).map(({ own }) => own.remoteId);
  return near.includes(hubId) || model.firewalls.some(({ networkId, isDeclared }) => isDeclared && networkId === hubId);
}

function wideInFirewall(
  rule: FirewallRule,
  { flows, reach }: FlowProof,
  byPattern: ReadonlyMap<string, readonly DeclaredFlow[]>,
): Violation[] {
  const { hosts, destinations, sources, service, translatesTo } = rule;
  const senders = flows.filter((flow) => (hosts === undefined) === (flow.hosts === undefined));
  const says = (what: string): Violation => ({
    what: `${rule.collection}/${rule.name} also allows ${what}`,
    origin: rule.origin,
  });
  if (hosts) {
    return hosts.flatMap((host) => {
      // An application rule reads the name: it leads where that resolves to.
      const fitting = [...byPattern].flatMap(([pattern, declared]) => (isWithin(host, pattern) ? declared : []));
      if (fitting.length === 0) return [says(`the host ${host}, which nothing declares`)];
      const near = fitting
        .filter((flow) => !sendersOf(flow, reach).and(sources).isEmpty)
        .map((flow) => ({ ...flow, to: PUBLIC_ADDRESSES }));
      return leftOf({ from: sources, to: PUBLIC_ADDRESSES, service, sourcePort: ALL_PORTS }, near, reach).map(
        (packets) => says(`${addressesText(packets.from)} to ${host} on ${servicesText(packets.service)}`),
      );
    });
  }
  // A NAT rule opens what it translates to.
  const opened = translatesTo
    ? { to: addressesOf(translatesTo.address), service: translated(service, translatesTo.port) }
    : { to: destinations ?? ALL_ADDRESSES, service };
  const packets = { from: sources, ...opened, sourcePort: ALL_PORTS };
  return leftOf(packets, senders, reach).map((left) =>
    says(`${addressesText(left.from)} to ${addressesText(left.to)} on ${servicesText(left.service)}`),
  );
}

function isWithin(host: string, pattern: string): boolean {
  return pattern === host || matchesHost(pattern, host);
}

function leftOf(packets: Packets, flows: readonly DeclaredFlow[], reach: FlowProof["reach"]): Packets[] {
  let left: Packets[] = [packets];
  for (const flow of flows) {
    const { to, service } = flow;
    left = left.flatMap((each) => without(each, { from: sendersOf(flow, reach), to, service, sourcePort: ALL_PORTS }));
    if (left.length === 0) break;
  }
  return left;
}
