import { isInTag, matchesHost } from "../../azure-facts/service-tag-hosts";
import { addressesText, PUBLIC_ADDRESSES } from "../packets/addresses";
import type { Intervals } from "../packets/intervals";
import { common, type Packets } from "../packets/packets";
import { ALL_PORTS, servicesText } from "../packets/services";
import type { Destination, Outcome, Step, Target, Verdict } from "./flight";
import { isPartOf, type Place } from "./place";
import type { Reach } from "./reach";

/** The answer to one question, with its trace. */
export interface Decision {
  readonly verdict: Verdict;
  /** Whether it is decided for each packet that was asked for: some reach, the others cannot. @default false */
  readonly isInPart?: boolean;
  readonly steps: readonly Step[];
  readonly target?: Target;
}

/**
 * Whether connections of a place to some addresses open. Where some do and others do not, that is unknown, and the trace says on what it depends.
 *
 * @param service a port or several, see `packets/services.ts`
 * @param host the name that the client asks for. @default none: an application rule may or may not match
 */
export function byAddress(reach: Reach, place: Place, to: Intervals, service: Intervals, host?: string): Decision {
  const asked = { from: place.addresses, to, service, sourcePort: ALL_PORTS };
  const outcomes = matching(reach, place, asked);
  return decisionOn(host === undefined ? outcomes : outcomes.filter((each) => isAbout(each, host)), place, asked);
}

/** The same for a host on the Internet, of which the name is known and the address is not. */
export function byHost(reach: Reach, place: Place, host: string, service: Intervals): Decision {
  return byAddress(reach, place, PUBLIC_ADDRESSES, service, host);
}

function isAbout({ destination }: Outcome, host: string): boolean {
  return isFor(destination, host.toLowerCase()) !== false;
}

function matching(reach: Reach, place: Place, asked: Packets): readonly Outcome[] {
  return fromWhole(reach, place).filter(({ sent }) => common(sent, asked) !== undefined);
}

/** A part of a place is evaluated with the whole: what it can send is a part of what the whole can. */
function fromWhole(reach: Reach, place: Place): readonly Outcome[] {
  if (reach.places.includes(place)) return reach.from(place);
  const whole = reach.places.find((each) => isPartOf(place, each));
  return reach.from(whole ?? place);
}

/** Whether an outcome is about a host; nothing where that depends on what is not known. */
export function isFor({ inTags, notInTags, hosts, notHosts }: Destination, host: string): boolean | undefined {
  if (hosts && !hosts.some((pattern) => matchesHost(pattern, host))) return false;
  if (notHosts.some((pattern) => matchesHost(pattern, host))) return false;
  const inside = inTags.map((tag) => isInTag(host, tag));
  const outside = notInTags.map((tag) => isInTag(host, tag));
  if (inside.includes(false) || outside.includes(true)) return false;
  return inside.includes(undefined) || outside.includes(undefined) ? undefined : true;
}

function decisionOn(outcomes: readonly Outcome[], place: Place, asked: Packets): Decision {
  const [first] = outcomes;
  if (!first) {
    const step: Step = { stage: "source", by: place.name, why: "the place sends no such packet", origin: place.origin };
    return { verdict: "cannot", steps: [step] };
  }
  const verdicts = new Set(outcomes.map(({ verdict }) => verdict));
  if (verdicts.size === 1) return decisionOf(first);
  const reachingOnes = outcomes.filter(({ verdict }) => verdict === "reaches");
  const failingOnes = outcomes.filter(({ verdict }) => verdict !== "reaches");
  const [reaching = first, failing = first] = [reachingOnes[0], failingOnes[0]];
  const last = failing.steps.at(-1);
  // One packet may have two outcomes, where what is at the destination decides: every pair has to differ in its packets.
  const isInPart = reachingOnes.every((one) =>
    failingOnes.every((other) => whatTellsApart(one, other, asked) !== undefined),
  );
  const by = whatTellsApart(reaching, failing, asked) ?? whatIsThere(reaching, failing);
  const step: Step = {
    stage: "source",
    by: place.name,
    why: `it depends on ${by}. Of the other packets: ${last?.by ?? ""}: ${last?.why ?? ""}`,
    origin: last?.origin ?? place.origin,
  };
  return {
    verdict: "unknown",
    ...(isInPart && !verdicts.has("unknown") ? { isInPart } : {}),
    steps: [...reaching.steps, step],
    ...(reaching.target ? { target: reaching.target } : {}),
  };
}

const TELLING = [
  ["service", "the port", servicesText],
  ["to", "the destination", addressesText],
  ["from", "the sender", addressesText],
  ["sourcePort", "the sender's port", servicesText],
] as const;

/** What the packets of one of two outcomes have, and those of the other have not; nothing where some are the same. */
function whatTellsApart(one: Outcome, other: Outcome, asked: Packets): string | undefined {
  for (const [dimension, name, shown] of TELLING) {
    const [own, others] = [one.sent[dimension], other.sent[dimension]].map((set) => set.and(asked[dimension]));
    if (own && others && !own.equals(others) && own.and(others).isEmpty)
      return `${name}: this holds for ${shown(own)}, and not for ${shown(others)}`;
  }
  return undefined;
}

function whatIsThere(one: Outcome, other: Outcome): string {
  const known = (tags: readonly string[], hosts: readonly string[] = []) => [...tags, ...hosts].join(", ");
  const { inTags, hosts } = one.destination;
  const named = known(inTags, hosts) || known(other.destination.inTags, other.destination.hosts);
  return `what is at the destination${named === "" ? "" : `: whether it is ${named} is not known of an address`}`;
}

function decisionOf({ verdict, steps, target }: Outcome): Decision {
  return { verdict, steps, ...(target ? { target } : {}) };
}
