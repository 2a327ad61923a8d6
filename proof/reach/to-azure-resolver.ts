import { AZURE_RESOLVER } from "../../azure-facts/addresses";
import { builtInOrigin } from "../network/origin";
import { addressesOf } from "../packets/addresses";
import { without } from "../packets/packets";
import { tcp, udp } from "../packets/services";
import { ended, type Flight, narrowed, type Outcome, type Step } from "./flight";
import type { Lookup } from "./lookup";
import type { Place } from "./place";

/** Azure's resolver is reached in every network; a security group stops it only by a rule that names AzurePlatformDNS. */
export function toAzureResolver(flight: Flight, lookup: Lookup): { inside: Flight[]; outcomes: Outcome[] } {
  const resolver = addressesOf(AZURE_RESOLVER);
  const packets = { ...flight.seen, to: resolver };
  const open = { ...packets, service: udp(53).or(tcp(53, 80, 32_526)) };
  const target = { kind: "resolver" } as const;
  const origin = builtInOrigin("Azure's resolver");
  const step = (why: string): Step => ({ stage: "endpoint", by: AZURE_RESOLVER, why, origin });
  const denial = deniedAt(flight.place, lookup);
  return {
    inside: without(flight.seen, packets).map((part) => narrowed(flight, part)),
    outcomes: [
      denial
        ? ended(narrowed(flight, open), "cannot", denial, target)
        : ended(narrowed(flight, open), "reaches", step("Azure answers there in every network"), target),
      ...without(packets, open).map((part) =>
        ended(narrowed(flight, part), "cannot", step("nothing listens there"), target),
      ),
    ],
  };
}

function deniedAt({ subnet, machine }: Place, lookup: Lookup): Step | undefined {
  const ids = [machine?.securityGroupId, subnet?.securityGroupId].filter((id) => id !== undefined);
  for (const group of ids.map((id) => lookup.group(id))) {
    const rule = group.rules.find(
      ({ direction, destinations }) => direction === "Outbound" && destinations.includes("AzurePlatformDNS"),
    );
    if (rule && !rule.allows) {
      return {
        stage: "security group out",
        by: `${group.name}: ${rule.name}`,
        why: "the rule denies Azure's resolver",
        origin: rule.origin,
      };
    }
  }
  return undefined;
}
