import { groupIn, nameIn } from "../../azure-facts/arm-ids";
import { addressesOf, addressesText, PUBLIC_ADDRESSES } from "../packets/addresses";
import { Intervals } from "../packets/intervals";
import { servicesText } from "../packets/services";
import { isFor } from "../reach/decide";
import type { Outcome, Step, Verdict } from "../reach/flight";
import type { Place } from "../reach/place";
import type { Reach } from "../reach/reach";

/** One way of the matrix: what some hosts of a place can send to a destination, and what decides it. */
export interface Cell {
  readonly from: string;
  /** The hosts of the place that it is about. */
  readonly sources: string;
  readonly to: string;
  readonly verdict: Verdict;
  /** `tcp 443, 5671`. */
  readonly services: string;
  /** Host names, where the destination is the Internet. */
  readonly hosts?: readonly string[];
  /** The rules, routes and resources on the way; of what cannot pass, the last one. */
  readonly through: readonly string[];
  /** The trace of one packet of it. */
  readonly steps: readonly Step[];
}

/** A destination of the matrix. */
export interface Destination {
  readonly name: string;
  readonly addresses: Intervals;
  /** The id of the model's item that it is; `internet` for the Internet. @default none: a network beyond a gateway */
  readonly itemId?: string;
}

/** Place by place, destination by destination: what reaches it, by what, and what cannot, by what. */
export function matrixOf(reach: Reach): Cell[] {
  const destinations = destinationsOf(reach);
  return reach.places.flatMap((place) =>
    destinations
      // What hosts on the Internet reach of each other is no matter of these networks.
      .filter(({ name }) => place.kind !== "internet" || name !== INTERNET)
      .flatMap((destination) => cellsOf(place, destination, reach.from(place))),
  );
}

const INTERNET = "the Internet";

/** In the order of their names. */
export function destinationsOf({ model, lookup, places }: Reach): Destination[] {
  const endpoints = listedEndpoints({ model, lookup });
  const own = places
    .filter(({ kind }) => kind === "subnet" || kind === "machine")
    .map(({ name, addresses, machine, subnet }) => ({ name, addresses, itemId: (machine ?? subnet)?.id }));
  const firewalls = model.firewalls.map(({ id, name, address, networkId }) => ({
    itemId: id,
    name: `${name} of ${lookup.network(networkId).location ?? lookup.network(networkId).name} (${address})`,
    addresses: addressesOf(address),
  }));
  const beyond = model.onPremises.map(({ name, addresses }) => ({ name, addresses }));
  return [
    ...endpoints,
    ...own,
    ...firewalls,
    ...beyond,
    { name: INTERNET, addresses: PUBLIC_ADDRESSES, itemId: "internet" },
  ].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** An endpoint, under a name that no other has. */
export interface ListedEndpoint extends Destination {
  readonly leadsTo: string;
  readonly subnet: string;
}

export function listedEndpoints({ model, lookup }: Pick<Reach, "model" | "lookup">): ListedEndpoint[] {
  return model.endpoints.map(({ id, name, addresses, targetId, part, subnetId }) => {
    const { networkId, name: subnet } = lookup.subnet(subnetId);
    const { location, name: network } = lookup.network(networkId);
    const isShared = model.endpoints.filter((each) => each.name === name).length > 1;
    return {
      itemId: id,
      name: `endpoint ${name}${isShared ? ` (${groupIn(networkId)})` : ""}`,
      addresses,
      leadsTo: `${part} of ${nameIn(targetId)}`,
      subnet: `${location ?? ""}/${network}/${subnet}`,
    };
  });
}

function cellsOf(place: Place, { name, addresses }: Destination, outcomes: readonly Outcome[]): Cell[] {
  const found = outcomes
    .filter(({ sent }) => !sent.to.and(addresses).isEmpty)
    .flatMap((outcome) => {
      const { hosts } = outcome.destination;
      // A host that is known not to be in a tag does not pass by the tag's rule.
      const fitting = hosts?.filter((host) => isFor({ ...outcome.destination, hosts: [host] }, host) !== false);
      if (fitting?.length === 0) return [];
      return [fitting ? { ...outcome, destination: { ...outcome.destination, hosts: fitting } } : outcome];
    });
  const groups = new Map<string, { outcome: Outcome; services: Intervals[]; sources: Intervals[] }>();
  for (const outcome of found) {
    const key = JSON.stringify([
      outcome.verdict,
      throughOf(outcome),
      outcome.destination.hosts ?? [],
      blocksKey(outcome.sent.from),
    ]);
    const group = groups.get(key) ?? { outcome, services: [], sources: [] };
    group.services.push(outcome.sent.service);
    group.sources.push(outcome.sent.from);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ outcome, services, sources }) => {
    const { hosts } = outcome.destination;
    const from = Intervals.union(sources);
    return {
      from: place.name,
      sources: from.equals(place.addresses) ? "all" : addressesText(from),
      to: name,
      verdict: outcome.verdict,
      services: servicesText(Intervals.union(services)),
      ...(hosts ? { hosts } : {}),
      through: throughOf(outcome),
      steps: outcome.steps,
    };
  });
}

function blocksKey(set: Intervals): string {
  return addressesText(set);
}

/** What cannot pass is named by what ends it. */
function throughOf({ verdict, steps }: Outcome): string[] {
  const last = steps.at(-1)?.by ?? "";
  return verdict === "cannot" ? [last] : [...new Set(steps.map(({ by }) => by))];
}
