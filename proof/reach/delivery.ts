import { nameIn } from "../../azure-facts/arm-ids";
import { listensOn } from "../../azure-facts/endpoint-ports";
import { addressesOf, allOf } from "../packets/addresses";
import { common, without } from "../packets/packets";
import { TCP, tcp, udp } from "../packets/services";
import { Intervals } from "../packets/intervals";
import type { Endpoint, Firewall, Forwarder, NetworkInterface, Subnet } from "../network/model";
import { ended, type Flight, narrowed, type Outcome, type Step, stepped, type Target } from "./flight";
import type { Lookup } from "./lookup";
import { isForHosts, usable } from "./place";
import { throughGroup } from "./security-groups";
import { symmetric } from "./return";

/** Packets that a route leads into a network: to endpoints, machines and hosts of its subnets, past the security groups there. */
export function deliver(flight: Flight, networkId: string, lookup: Lookup): Outcome[] {
  const outcomes: Outcome[] = [];
  let waiting: Flight[] = [flight];
  const take = (addresses: Intervals, arrive: (part: Flight) => Outcome[]) => {
    waiting = waiting.flatMap((each) => {
      const found = common(each.seen, { ...each.seen, to: addresses });
      if (!found) return [each];
      outcomes.push(...arrive(narrowed(each, found)));
      return without(each.seen, found).map((part) => narrowed(each, part));
    });
  };
  for (const subnet of lookup.subnetsOf(networkId)) {
    if (!waiting.some(({ seen }) => !seen.to.and(subnet.addresses).isEmpty)) continue;
    for (const endpoint of lookup.endpointsIn(subnet.id))
      take(endpoint.addresses, (part) => toEndpoint(part, endpoint, subnet, lookup));
    for (const machine of lookup.interfacesIn(subnet.id))
      take(addressesOf(machine.address), (part) => toMachine(part, machine, subnet, lookup));
    for (const firewall of lookup.model.firewalls.filter((each) => each.networkId === networkId))
      take(addressesOf(firewall.address).and(subnet.addresses), (part) => [
        ended(part, "cannot", nothingListens(firewall.name, firewall), { kind: "firewall", firewall }),
      ]);
    take(isForHosts(subnet) ? usable(subnet) : Intervals.none, (part) => toHosts(part, subnet, lookup));
    take(subnet.addresses, (part) => [ended(part, "cannot", noHost(subnet))]);
  }
  const network = lookup.network(networkId);
  for (const server of lookup.model.forwarders.filter((each) => each.isDeclared && each.networkId === networkId)) {
    take(allOf(server.addresses), (part) => atDeclaredServer(part, server));
  }
  return [
    ...outcomes,
    ...waiting.map((part) =>
      network.isDeclared
        ? ended(part, "unknown", {
            stage: "endpoint",
            by: network.name,
            why: "what is in a network of another owner's is not known",
            origin: network.origin,
          })
        : ended(
            part,
            "unknown",
            {
              stage: "endpoint",
              by: network.name,
              why: "no subnet of the stacks has the address: whether another one has it is not known",
              origin: network.origin,
            },
            { kind: "outside", name: `other subnets of ${network.name}` },
          ),
    ),
  ];
}

function toEndpoint(flight: Flight, endpoint: Endpoint, subnet: Subnet, lookup: Lookup): Outcome[] {
  const target = { kind: "endpoint", endpoint } as const;
  const { through } = flight;
  if (through) {
    return [
      ended(
        flight,
        "cannot",
        {
          stage: "return",
          by: through.name,
          why: "a private endpoint answers past the firewall, which kept the sender's address and never sees the answer",
          origin: through.origin,
        },
        target,
      ),
    ];
  }
  const policies: Step = {
    stage: "endpoint",
    by: `${subnet.name}: private_endpoint_network_policies`,
    why: "network policies are off for endpoints in this subnet: its security group does not apply to them",
    origin: subnet.origin,
  };
  const isGuarded = subnet.endpointPolicies.securityGroup && subnet.securityGroupId !== undefined;
  const { passed, dropped } = isGuarded
    ? inbound(flight, [subnet.securityGroupId ?? ""], subnet, lookup)
    : { passed: [stepped(flight, policies)], dropped: [] };
  return [
    ...dropped.map(([one, step]) => ended(one, "cannot", step, target)),
    ...passed.flatMap((one) => listening(one, endpoint)),
  ];
}

/** An endpoint carries TCP, to the ports that its service listens on. */
function listening(flight: Flight, endpoint: Endpoint): Outcome[] {
  const target = { kind: "endpoint", endpoint } as const;
  const ports = listensOn(endpoint.part);
  const open = common(flight.seen, { ...flight.seen, service: ports ? tcp(...ports) : TCP });
  const step = (why: string): Step => ({ stage: "endpoint", by: endpoint.name, why, origin: endpoint.origin });
  const closed = (open ? without(flight.seen, open) : [flight.seen]).map((part) =>
    ended(
      narrowed(flight, part),
      "cannot",
      step(`nothing listens there: the endpoint leads to the part ${endpoint.part} of ${nameIn(endpoint.targetId)}`),
      target,
    ),
  );
  if (!open) return closed;
  const arrived = narrowed(flight, open);
  if (endpoint.waitsForApproval) {
    const why = "the endpoint works once the owner of what it leads to has approved it";
    return [...closed, ended(arrived, "unknown", { ...step(why), waitsForOwner: true }, target)];
  }
  return [
    ...closed,
    ended(
      arrived,
      "reaches",
      step(`the private endpoint leads to the part ${endpoint.part} of ${nameIn(endpoint.targetId)}`),
      target,
    ),
  ];
}

function toMachine(flight: Flight, machine: NetworkInterface, subnet: Subnet, lookup: Lookup): Outcome[] {
  const step: Step = { stage: "endpoint", by: machine.name, why: "a machine has the address", origin: machine.origin };
  const groupIds = [subnet.securityGroupId, machine.securityGroupId];
  return answered(flight, { target: { kind: "machine", machine }, step, groupIds }, subnet, lookup);
}

function toHosts(flight: Flight, subnet: Subnet, lookup: Lookup): Outcome[] {
  const why = "a host in the subnet may have the address";
  const step: Step = { stage: "endpoint", by: subnet.name, why, origin: subnet.origin };
  const groupIds = [subnet.securityGroupId];
  return answered(flight, { target: { kind: "hosts", subnet }, step, groupIds }, subnet, lookup);
}

interface Arrival {
  readonly target: Target;
  readonly step: Step;
  /** Nothing: there is none. */
  readonly groupIds: readonly (string | undefined)[];
}

/** Past the security groups, and with answers that find the way back. */
function answered(flight: Flight, { target, step, groupIds }: Arrival, subnet: Subnet, lookup: Lookup): Outcome[] {
  const ids = groupIds.filter((id) => id !== undefined);
  const { passed, dropped } = inbound(flight, ids, subnet, lookup);
  return [
    ...dropped.map(([one, by]) => ended(one, "cannot", by, target)),
    ...passed.flatMap((one) =>
      symmetric(one, subnet, lookup).map(({ flight: each, broken }) =>
        broken ? ended(each, "cannot", broken, target) : ended(each, "reaches", step, target),
      ),
    ),
  ];
}

/** The subnet's group, then the interface's. */
function inbound(flight: Flight, groupIds: readonly string[], subnet: Subnet, lookup: Lookup) {
  const dropped: (readonly [Flight, Step])[] = [];
  let passed: readonly Flight[] = [flight];
  for (const id of groupIds) {
    const results = passed.map((one) => throughGroup(one, lookup.group(id), "Inbound", subnet, lookup));
    passed = results.flatMap((result) => result.passed);
    dropped.push(...results.flatMap((result) => result.dropped));
  }
  return { passed, dropped };
}

/** DNS servers of another owner's network, as the topology declares them. */
function atDeclaredServer(flight: Flight, { name, origin }: Forwarder): Outcome[] {
  const open = common(flight.seen, { ...flight.seen, service: udp(53).or(tcp(53)) });
  const step = (why: string): Step => ({ stage: "endpoint", by: name, why, origin });
  return [
    ...(open ? [ended(narrowed(flight, open), "reaches", step("the topology declares a DNS server there"))] : []),
    ...(open ? without(flight.seen, open) : [flight.seen]).map((part) =>
      ended(narrowed(flight, part), "unknown", step("what else the server takes is not known")),
    ),
  ];
}

function nothingListens(name: string, { origin }: Firewall): Step {
  return { stage: "endpoint", by: name, why: "the firewall takes no connection for itself", origin };
}

function noHost(subnet: Subnet): Step {
  const why =
    subnet.delegation === undefined
      ? "Azure keeps the address for itself"
      : `no host answers there: the subnet is given over to ${subnet.delegation}`;
  return { stage: "endpoint", by: subnet.name, why, origin: subnet.origin };
}
