import { listensOn } from "../../azure-facts/endpoint-ports";
import { addressesOf, ALL_ADDRESSES, PUBLIC_ADDRESSES } from "../packets/addresses";
import { Intervals } from "../packets/intervals";
import type { Service } from "../network/model";
import type { Answer } from "./azure-resolver";
import { byAddress, byHost, type Decision } from "./decide";
import type { Step } from "./flight";
import { resolves } from "./names";
import type { Place } from "./place";
import { type Aliases, aliasesOf } from "./public-dns";
import type { Reach } from "./reach";

export interface Question {
  readonly place: Place;
  /** A host name, or an address. */
  readonly to: string;
  /** See `packets/services.ts`. */
  readonly service: Intervals;
  /** What aliases lead to. @default as it is deployed */
  readonly aliases?: Aliases;
}

export interface Reply extends Decision {
  /** What a name leads to. @default an address was asked for */
  readonly answer?: Answer;
}

/** Whether a connection opens: the name, the way, and the switches of the resource at its end. Each step is in the trace. */
export function ask(reach: Reach, { place, to, service, aliases = aliasesOf(reach.lookup) }: Question): Reply {
  if (/^[\d./-]+$/.test(to)) return byAddress(reach, place, addressesOf(to), service);
  const { answer, steps } = resolves(to, place, aliases, reach);
  const withNames = (decision: Decision): Reply => ({ ...decision, steps: [...steps, ...decision.steps], answer });
  switch (answer.kind) {
    case "nothing":
      return { verdict: "cannot", steps, answer };
    case "unknown":
      return { verdict: "unknown", steps, answer };
    case "private":
      return withNames(byAddress(reach, place, Intervals.union(answer.addresses.map(addressesOf)), service, to));
    case "public": {
      const host = to.toLowerCase();
      const way = place.kind === "internet" ? onTheInternet(place) : byHost(reach, place, host, service);
      if (way.verdict !== "reaches" || !answer.service) return withNames(way);
      return withNames(acceptedBy(answer.service, way, place, service));
    }
  }
}

function onTheInternet({ name, origin }: Place): Decision {
  const step: Step = { stage: "route", by: name, why: "public addresses are routed on the Internet", origin };
  return { verdict: "reaches", steps: [step], target: { kind: "internet" } };
}

/** The switches of a resource that is reached by its public address. */
export function acceptedBy(service: Service, way: Decision, place: Place, asked: Intervals): Decision {
  const step = (why: string): Step => ({ stage: "resource", by: service.name, why, origin: service.origin });
  const target = { kind: "service", service } as const;
  const decided = (verdict: Decision["verdict"], why: string): Decision => ({
    verdict,
    steps: [...way.steps, step(why)],
    target,
  });
  if (service.publicAccess === "none")
    return decided("cannot", "it accepts no connection but by its private endpoints");
  const part = { serviceBus: "namespace", storage: "blob", site: "sites", monitorScope: "azuremonitor", other: "" }[
    service.kind
  ];
  const ports = listensOn(part);
  if (ports && !ports.some((port) => asked.has(port))) return decided("cannot", "nothing listens there");
  if (service.publicAccess === "all") return decided("reaches", "it accepts connections from every address");
  if (place.kind === "internet" && !service.accepts.isEmpty)
    return decided("unknown", "it accepts connections from listed addresses of the Internet");
  if (service.accepts.equals(ALL_ADDRESSES)) return decided("reaches", "its rules accept every address");
  return service.accepts.and(PUBLIC_ADDRESSES).isEmpty
    ? decided("cannot", "its rules accept no address of the Internet")
    : decided("unknown", "its rules accept listed addresses, and which one the sender has is not known");
}
