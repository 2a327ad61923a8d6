import { nameIn } from "../../azure-facts/arm-ids";
import { publicNamesOf, suffixOfZone } from "../../azure-facts/private-link";
import { MONITOR_NAMES, MONITOR_SCOPE, MONITOR_ZONES } from "../../azure-facts/private-monitoring";
import { addressText } from "../packets/addresses";
import type { AddressRecord, Endpoint, Service, ZoneLink } from "../network/model";
import { builtInOrigin, type Origin } from "../network/origin";
import type { Step } from "./flight";
import type { Lookup } from "./lookup";
import { type Aliases, publicRecord, serviceOf } from "./public-dns";

/** What a name leads to. */
export type Answer =
  | { readonly kind: "private"; readonly addresses: readonly string[]; readonly endpoint?: Endpoint }
  | { readonly kind: "public"; readonly name: string; readonly service?: Service }
  | { readonly kind: "nothing"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

export interface Resolved {
  readonly answer: Answer;
  readonly steps: readonly Step[];
}

const LONGEST_CHAIN = 10;

/**
 * What Azure's resolver answers in a network: from the private zones that are linked to it, of which the longest name decides; else from the public DNS. A zone that is linked and
 * has no record hides the public answer, unless its link says otherwise (learn.microsoft.com/azure/dns/private-dns-fallback).
 *
 * @param networkId none: the public DNS alone
 */
export function azureResolves(name: string, networkId: string | undefined, aliases: Aliases, lookup: Lookup): Resolved {
  const steps: Step[] = [];
  let asked = name;
  for (let length = 0; length < LONGEST_CHAIN; length += 1) {
    const link = linkFor(asked, networkId, lookup);
    if (link) {
      const zone = zoneName(link, lookup);
      const found = recordIn(link.zoneId, labelIn(asked, zone), lookup);
      const by = `${zone} through ${link.name}`;
      if (found.kind === "conflict")
        return { answer: { kind: "unknown", why: found.why }, steps: [...steps, step(by, found.why, found.origin)] };
      if (found.kind === "record") {
        const why = `the zone has a record of ${asked}: ${found.addresses.join(", ")}`;
        const answer: Answer = {
          kind: "private",
          addresses: found.addresses,
          ...(found.endpoint ? { endpoint: found.endpoint } : {}),
        };
        return { answer, steps: [...steps, step(by, why, found.origin)] };
      }
      if (!link.redirects) {
        const why = `the zone is linked and has no record of ${asked}: NXDOMAIN`;
        return { answer: { kind: "nothing", why }, steps: [...steps, step(by, why, link.origin)] };
      }
      steps.push(step(by, `the zone has no record of ${asked}, and its link asks the public DNS then`, link.origin));
    }
    const record = publicRecord(asked, aliases, lookup);
    if (record.kind !== "alias") {
      const service = record.kind === "service" ? record.service : serviceOf(asked, lookup);
      const why = service
        ? `the public DNS has the public address of ${service.name}`
        : "the public DNS answers for it";
      return {
        answer: { kind: "public", name: asked, ...(service ? { service } : {}) },
        steps: [...steps, step("the public DNS", why, service?.origin ?? builtInOrigin("the public DNS"))],
      };
    }
    steps.push(
      step("the public DNS", `${asked} is an alias of ${record.to}: ${record.why}`, builtInOrigin("the public DNS")),
    );
    asked = record.to;
  }
  const why = "the chain of aliases has no end";
  return {
    answer: { kind: "nothing", why },
    steps: [...steps, step("the public DNS", why, builtInOrigin("the public DNS"))],
  };
}

function step(by: string, why: string, origin: Origin): Step {
  return { stage: "name", by, why, origin };
}

/** The link of the zone with the longest name that a name is in. */
function linkFor(name: string, networkId: string | undefined, lookup: Lookup): ZoneLink | undefined {
  if (networkId === undefined) return undefined;
  return lookup
    .linksOf(networkId)
    .filter((link) => name === zoneName(link, lookup) || name.endsWith(`.${zoneName(link, lookup)}`))
    .sort((one, other) => zoneName(other, lookup).length - zoneName(one, lookup).length)[0];
}

function zoneName({ zoneId }: ZoneLink, lookup: Lookup): string {
  return lookup.zoneName(zoneId);
}

function labelIn(name: string, zone: string): string {
  return name === zone ? "@" : name.slice(0, -zone.length - 1);
}

type Found =
  | {
      readonly kind: "record";
      readonly addresses: readonly string[];
      readonly endpoint?: Endpoint;
      readonly origin: Origin;
    }
  | { readonly kind: "conflict"; readonly why: string; readonly origin: Origin }
  | { readonly kind: "none" };

/** Records that a stack writes, and those that Azure writes for an endpoint's zone group. */
function recordIn(zoneId: string, label: string, lookup: Lookup): Found {
  const written = lookup.recordsOf(zoneId).filter((record) => isLabel(record, label));
  const [exact] = [...written].sort((one, other) => Number(one.label === "*") - Number(other.label === "*"));
  const zone = lookup.zoneName(zoneId);
  const endpoints = lookup
    .endpointsWrittenTo(zoneId)
    .filter((endpoint) => labelsOf(endpoint, zone).some((each) => fits(each, label)));
  const [endpoint, another] = endpoints;
  if (endpoint && another) {
    const why = `${endpoint.name} and ${another.name} write one record: the later one's address stays`;
    return { kind: "conflict", why, origin: endpoint.origin };
  }
  if (endpoint) {
    const { addresses, origin } = endpoint;
    return { kind: "record", addresses: listed(addresses), endpoint, origin };
  }
  return exact ? { kind: "record", addresses: exact.addresses, origin: exact.origin } : { kind: "none" };
}

function isLabel({ label }: AddressRecord, asked: string): boolean {
  return label === asked || (label === "*" && asked !== "@");
}

/** An endpoint of Azure Monitor has an address for each of its names; which is which Azure decides. */
function listed(addresses: Endpoint["addresses"]): string[] {
  return addresses.ranges.map(([first, last]) =>
    first === last ? addressText(first) : `${addressText(first)}-${addressText(last)}`,
  );
}

/** The labels of an endpoint's names in a zone. */
function labelsOf({ targetId, part }: Endpoint, zone: string): string[] {
  const suffix = suffixOfZone(zone);
  if (suffix === undefined) return [];
  if (part === MONITOR_SCOPE.subresource) {
    const own = MONITOR_NAMES.filter((name) => name.endsWith(`.${suffix}`)).map((name) =>
      name.slice(0, -suffix.length - 1),
    );
    // Those of the components and workspaces in the scope: by region and number.
    return [...own, ...(MONITOR_ZONES_LIST.includes(zone) ? ["*"] : [])];
  }
  return publicNamesOf(nameIn(targetId), part)
    .filter((name) => name.endsWith(`.${suffix}`))
    .map((name) => name.slice(0, -suffix.length - 1));
}

const MONITOR_ZONES_LIST: readonly string[] = Object.values(MONITOR_ZONES);

function fits(pattern: string, label: string): boolean {
  return pattern === label || (pattern === "*" && label !== "@");
}
