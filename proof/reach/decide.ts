import { isInTag, matchesHost } from "../../azure-facts/service-tag-hosts";
import { addressesText, PUBLIC_ADDRESSES } from "../packets/addresses";
import type { Intervals } from "../packets/intervals";
import { common } from "../packets/packets";
import { ALL_PORTS } from "../packets/services";
import type { Destination, Outcome, Step, Target, Verdict } from "./flight";
import { isPartOf, type Place } from "./place";
import type { Reach } from "./reach";

/** The answer to one question, with its trace. */
export interface Decision {
  readonly verdict: Verdict;
  readonly steps: readonly Step[];
  readonly target?: Target;
}

/**
 * Whether connections of a place to some addresses open. Where some do and others do not, that is unknown, and the trace says which.
 *
 * @param service a port or several, see `packets/services.ts`
 * @param host the name that the client asks for. @default none: an application rule may or may not match
 */
export function byAddress(reach: Reach, place: Place, to: Intervals, service: Intervals, host?: string): Decision {
  const outcomes = matching(reach, place, to, service);
  return together(host === undefined ? outcomes : outcomes.filter((each) => isAbout(each, host)), place);
}

/** The same for a host on the Internet, of which the name is known and the address is not. */
export function byHost(reach: Reach, place: Place, host: string, service: Intervals): Decision {
  return byAddress(reach, place, PUBLIC_ADDRESSES, service, host);
}

function isAbout({ destination }: Outcome, host: string): boolean {
  return isFor(destination, host.toLowerCase()) !== false;
}

function matching(reach: Reach, place: Place, to: Intervals, service: Intervals): readonly Outcome[] {
  const asked = { from: place.addresses, to, service, sourcePort: ALL_PORTS };
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

function together(outcomes: readonly Outcome[], place: Place): Decision {
  const [first] = outcomes;
  if (!first) {
    const step: Step = { stage: "source", by: place.name, why: "the place sends no such packet", origin: place.origin };
    return { verdict: "cannot", steps: [step] };
  }
  const verdicts = new Set(outcomes.map(({ verdict }) => verdict));
  if (verdicts.size === 1) return decisionOf(first);
  const reaching = outcomes.find(({ verdict }) => verdict === "reaches") ?? first;
  const failing = outcomes.find(({ verdict }) => verdict !== "reaches") ?? first;
  const step: Step = {
    stage: "source",
    by: place.name,
    why: `it is not the same for all: from ${addressesText(reaching.sent.from)} ${reaching.steps.at(-1)?.by ?? ""} decides, else ${failing.steps.at(-1)?.by ?? ""}: ${failing.steps.at(-1)?.why ?? ""}`,
    origin: failing.steps.at(-1)?.origin ?? place.origin,
  };
  return {
    verdict: "unknown",
    steps: [...reaching.steps, step],
    ...(reaching.target ? { target: reaching.target } : {}),
  };
}

function decisionOf({ verdict, steps, target }: Outcome): Decision {
  return { verdict, steps, ...(target ? { target } : {}) };
}
