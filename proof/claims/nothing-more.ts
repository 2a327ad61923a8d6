import type { FlowClaim, Violation } from "../claim";
import type { DeclaredFlow } from "../declared/declared-flow";
import { addressesText, PUBLIC_ADDRESSES } from "../packets/addresses";
import { type Packets, without } from "../packets/packets";
import { ALL_PORTS, servicesText } from "../packets/services";
import type { Outcome } from "../reach/flight";
import { isPartOf, type Place } from "../reach/place";
import { matchesHost } from "../../azure-facts/service-tag-hosts";

/** What is not among the flows that are declared is closed, from every place. */
export const nothingMore: FlowClaim = {
  name: "nothing-more",
  why: "A way is open that the topology does not declare.",
  needs: "flows",
  check: ({ reach, flows }) =>
    reach.places
      .filter(({ kind }) => kind !== "internet")
      .flatMap((place) => {
        const declared = flows.filter((flow) => isPartOf(flow.place, place));
        return reach
          .from(place)
          .filter((outcome) => isOpen(outcome, place))
          .flatMap((outcome) => undeclared(outcome, declared).map((packets) => violation(place, outcome, packets)));
      }),
};

function isOpen({ verdict, target }: Outcome, place: Place): boolean {
  if (verdict === "cannot" || target?.kind === "resolver") return false;
  // Of a subnet that no stack makes only what it reaches of the stacks' own is a matter of theirs.
  if (["network", "beyond", "on-premises"].includes(place.kind))
    return target?.kind === "endpoint" || target?.kind === "machine" || target?.kind === "hosts";
  return true;
}

/** What of an outcome no flow declares. */
function undeclared({ sent, destination, target, verdict }: Outcome, flows: readonly DeclaredFlow[]): Packets[] {
  let left: Packets[] = [sent];
  const hosts = destination.hosts;
  for (const flow of flows) {
    const isByHost = flow.hosts !== undefined;
    const fits = isByHost ? areAmong(hosts, flow.hosts, verdict, target) : true;
    if (!fits) continue;
    // An application rule reads the name: it leads where that resolves to, not to any address.
    const isByName = hosts !== undefined && !isByHost && areAmong(hosts, flow.names, verdict, target);
    const to = isByName ? flow.to.or(PUBLIC_ADDRESSES) : flow.to;
    const packets = { from: flow.place.addresses, to, service: flow.service, sourcePort: ALL_PORTS };
    left = left.flatMap((each) => without(each, packets));
  }
  if (hosts === undefined || left.length === 0) return left;
  // Several flows may share one rule's hosts.
  const all = flows.filter((flow) => flow.hosts !== undefined);
  const covered = hosts.every((host) =>
    all.some((flow) => flow.hosts?.some((pattern) => coversPattern(pattern, host))),
  );
  if (!covered) return left;
  return left.filter(({ service, from }) => {
    const ports = all.filter((flow) => service.isWithin(flow.service) && from.isWithin(flow.place.addresses));
    return !hosts.every((host) => ports.some((flow) => flow.hosts?.some((pattern) => coversPattern(pattern, host))));
  });
}

function areAmong(
  hosts: readonly string[] | undefined,
  declared: readonly string[],
  verdict: Outcome["verdict"],
  target: Outcome["target"],
): boolean {
  // Beyond a gateway on-premises filters by the name: here it is known by the port alone.
  if (hosts === undefined) return verdict === "unknown" && target?.kind === "outside";
  return hosts.every((host) => declared.some((pattern) => coversPattern(pattern, host)));
}

function coversPattern(pattern: string, host: string): boolean {
  return pattern === host || matchesHost(pattern, host);
}

function violation(place: Place, { steps, verdict, target, destination }: Outcome, packets: Packets): Violation {
  const hosts = destination.hosts ? ` (${destination.hosts.join(", ")})` : "";
  const to = packets.to.isWithin(PUBLIC_ADDRESSES) ? `the Internet${hosts}` : addressesText(packets.to);
  const reaches = verdict === "unknown" ? "may reach" : "reaches";
  const end = target?.kind === "endpoint" ? `, the endpoint ${target.endpoint.name}` : "";
  const allowing =
    steps.find(({ stage }) => stage === "security group in") ??
    steps.find(({ stage }) => stage === "security group out") ??
    steps.at(-1);
  return {
    what: `${place.name} (${addressesText(packets.from)}) ${reaches} ${to}${end} on ${servicesText(packets.service)}, which the topology does not declare`,
    origin: allowing?.origin ?? place.origin,
    trace: steps,
  };
}
