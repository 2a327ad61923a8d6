import type { FlowClaim, Violation } from "../claim";
import type { DeclaredFlow } from "../declared/declared-flow";
import { addressesOf, addressText } from "../packets/addresses";
import { Intervals } from "../packets/intervals";
import { servicesText } from "../packets/services";
import { ask, type Reply } from "../reach/ask";
import { byAddress } from "../reach/decide";
import { type Aliases, aliasesOf, failedOver } from "../reach/public-dns";
import type { Reach } from "../reach/reach";

/** Each flow that the topology declares opens: its name resolves to where it is meant to lead, and the way is open, before a failover and after it. */
export const nothingLess: FlowClaim = {
  name: "nothing-less",
  why: "Something that the topology declares does not work: a name does not resolve, or a connection does not open.",
  needs: "flows",
  check: ({ reach, flows }) => {
    const times: readonly Time[] = [
      { during: "as deployed", aliases: aliasesOf(reach.lookup) },
      { during: "after a failover", aliases: failedOver(reach.lookup) },
    ];
    return flows.flatMap((flow) => {
      if (flow.to.isEmpty) {
        const what = `${flow.place.name} has no endpoint for ${flow.what}`;
        return [{ what, origin: flow.place.origin }];
      }
      const found = times
        .filter(({ during }) => flow.during === undefined || flow.during === during)
        .flatMap((time) => flow.names.flatMap((name) => byName(flow, name, time, reach)));
      // What fails before a failover need not be said again for the time after it.
      const first = found.filter((each, index) => !found.some((other, at) => at < index && other.what === each.what));
      return [...first, ...(flow.names.length === 0 ? byAddresses(flow, reach) : [])];
    });
  },
};

interface Time {
  readonly during: "as deployed" | "after a failover";
  readonly aliases: Aliases;
}

function byName(flow: DeclaredFlow, name: string, { aliases }: Time, reach: Reach): Violation[] {
  const when = flow.during === "after a failover" ? " after a failover" : "";
  return portsOf(flow).flatMap((service) => {
    const reply = ask(reach, { place: flow.place, to: name, service, aliases });
    const problem = problemOf(flow, reply, (id) => reach.lookup.service(id) !== undefined);
    if (problem === undefined) return [];
    const last = reply.steps.at(-1);
    const what = `${flow.place.name} to ${name} on ${servicesText(service)} (${flow.what})${when}: ${problem}`;
    return [{ what, origin: last?.origin ?? flow.place.origin, trace: reply.steps }];
  });
}

function byAddresses(flow: DeclaredFlow, reach: Reach): Violation[] {
  return addressesIn(flow).flatMap((address) =>
    portsOf(flow).flatMap((service) => {
      const decision = byAddress(reach, flow.place, Intervals.of(address), service);
      const problem = problemOf(flow, decision, (id) => reach.lookup.service(id) !== undefined);
      if (problem === undefined) return [];
      const what = `${flow.place.name} to ${addressText(address)} on ${servicesText(service)} (${flow.what}): ${problem}`;
      return [{ what, origin: decision.steps.at(-1)?.origin ?? flow.place.origin, trace: decision.steps }];
    }),
  );
}

function problemOf(
  flow: DeclaredFlow,
  { verdict, answer, target, steps }: Reply,
  isMade: (id: string) => boolean,
): string | undefined {
  const last = steps.at(-1);
  const why = last ? `${last.by}: ${last.why}` : "nothing decides it";
  if (answer?.kind === "public" && flow.hosts === undefined) return `the name leads to a public address: ${why}`;
  if (answer?.kind === "private" && flow.hosts === undefined) {
    const addresses = Intervals.union(answer.addresses.map(addressesOf));
    if (!addresses.isWithin(flow.to))
      return `the name leads to ${answer.addresses.join(", ")}, which is not the endpoint that is meant`;
  }
  if (verdict === "reaches") return undefined;
  // Who filters on-premises, and what is at an address beyond the hub, is not in the stacks.
  if (verdict === "unknown" && (target?.kind === "outside" || flow.isElsewhere === true)) return undefined;
  // npm run owners lists it. What the stacks make has no other owner.
  const isOthers = target?.kind === "endpoint" && !isMade(target.endpoint.targetId);
  if (verdict === "unknown" && last?.waitsForOwner === true && (target?.kind !== "endpoint" || isOthers))
    return undefined;
  return verdict === "cannot" ? why : `it is not known whether it opens: ${why}`;
}

/** Each address where these are few, as those of servers are; else the first and the last of each range. */
function addressesIn({ to }: DeclaredFlow): number[] {
  return to.ranges.flatMap(([first, last]) =>
    last - first < MOST_ADDRESSES
      ? Array.from({ length: last - first + 1 }, (_, index) => first + index)
      : [first, last],
  );
}

const MOST_ADDRESSES = 16;

/** One port after another: a rule may forget one of several. */
function portsOf({ service }: DeclaredFlow): Intervals[] {
  return service.ranges.flatMap(([first, last]) =>
    last - first > MOST_PORTS
      ? [Intervals.of(first, last)]
      : Array.from({ length: last - first + 1 }, (_, index) => Intervals.of(first + index)),
  );
}

const MOST_PORTS = 10;
