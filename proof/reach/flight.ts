import { ALL_PACKETS, type Dimension, type Packets } from "../packets/packets";
import type { Endpoint, Firewall, NetworkInterface, Service, Subnet } from "../network/model";
import type { Origin } from "../network/origin";
import type { Place } from "./place";

/** What a packet meets on its way, in the order of a trace. */
export type Stage =
  | "name"
  | "source"
  | "security group out"
  | "route"
  | "peering"
  | "firewall"
  | "security group in"
  | "endpoint"
  | "return"
  | "resource"
  | "role";

/** One decision on the way. */
export interface Step {
  readonly stage: Stage;
  /** What decided: a rule, a route, a peering. */
  readonly by: string;
  /** What it decided, and why. */
  readonly why: string;
  readonly origin: Origin;
  /** Whether the owner of what it is has something left to do, so that it is not decided yet. @default false */
  readonly waitsForOwner?: boolean;
}

export type Verdict = "reaches" | "cannot" | "unknown";

/** What is at the end of a way. */
export type Target =
  | { readonly kind: "endpoint"; readonly endpoint: Endpoint }
  | { readonly kind: "machine"; readonly machine: NetworkInterface }
  | { readonly kind: "hosts"; readonly subnet: Subnet }
  | { readonly kind: "firewall"; readonly firewall: Firewall }
  | { readonly kind: "service"; readonly service: Service }
  | { readonly kind: "internet" }
  | { readonly kind: "outside"; readonly name: string }
  | { readonly kind: "resolver" };

/** What can be said of a destination on the Internet beside its address, which is not known before the name is resolved. */
export interface Destination {
  /** Service tags that it is in, and that it is not in. */
  readonly inTags: readonly string[];
  readonly notInTags: readonly string[];
  /** Host names that it is asked for by: one of these, where there are any, and none of the others. `*.zone` is every name under a zone. */
  readonly hosts?: readonly string[];
  readonly notHosts: readonly string[];
}

/** Packets under way that everything so far treats alike. */
export interface Flight {
  readonly place: Place;
  /** As the place sent them. */
  readonly sent: Packets;
  /** As the next stage sees them: a firewall may have put other addresses there. */
  readonly seen: Packets;
  readonly changed: ReadonlySet<Dimension>;
  readonly destination: Destination;
  readonly steps: readonly Step[];
  /** The firewall that passed them on with the sender's address: the answers have to come back through it. */
  readonly through?: Firewall;
  /** The firewall that put its own address in the sender's place. */
  readonly translatedBy?: Firewall;
  /** Why it is not known whether they are treated alike. */
  readonly unsure?: string;
}

/** Packets whose way is decided to its end. */
export interface Outcome {
  readonly sent: Packets;
  readonly destination: Destination;
  readonly verdict: Verdict;
  readonly steps: readonly Step[];
  /** @default they end before they arrive anywhere */
  readonly target?: Target;
}

export function takeOff(place: Place): Flight {
  const sent = { ...ALL_PACKETS, from: place.addresses };
  return {
    place,
    sent,
    seen: sent,
    changed: new Set(),
    destination: { inTags: [], notInTags: [], notHosts: [] },
    steps: [],
  };
}

/**
 * Some of a flight's packets.
 *
 * @param part what the stage sees of them: a part of `seen`
 */
export function narrowed(flight: Flight, part: Packets): Flight {
  const sent = { ...flight.sent };
  for (const dimension of ["from", "to", "service", "sourcePort"] as const) {
    if (part[dimension] !== flight.seen[dimension] && !flight.changed.has(dimension)) sent[dimension] = part[dimension];
  }
  return { ...flight, sent, seen: part };
}

export function stepped(flight: Flight, step: Step): Flight {
  return { ...flight, steps: [...flight.steps, step] };
}

/** Ends a flight. What is not sure is unknown, but for what cannot arrive in any case. */
export function ended(flight: Flight, verdict: Verdict, step: Step, target?: Target): Outcome {
  const { sent, destination, unsure } = flight;
  const steps = [...flight.steps, step];
  return {
    sent,
    destination,
    verdict: unsure === undefined ? verdict : "unknown",
    steps: unsure === undefined ? steps : [...steps, { ...step, why: `it is not known: ${unsure}` }],
    ...(target ? { target } : {}),
  };
}
