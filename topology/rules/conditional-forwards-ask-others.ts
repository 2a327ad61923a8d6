import { AZURE_RESOLVER } from "../../azure-facts/addresses";
import { forwarderAddresses } from "../addresses";
import { contains } from "../cidr";
import { type Placed, placed, regionsOf, stampsOf } from "../draft";
import type { Region, Stamp } from "../schema";
import type { TopologyRule } from "./topology-rule";

type ConditionalForward = NonNullable<Stamp["forwarders"]>["conditionalForwards"][number];

/** Addresses at which there is no other host's DNS server. */
const UNUSABLE: readonly (readonly [block: string, what: string])[] = [
  ["0.0.0.0/8", "no host's address"],
  ["127.0.0.0/8", "the forwarder itself (loopback)"],
  [`${AZURE_RESOLVER}/32`, "Azure's resolver, which gets every other question anyway"],
  ["169.254.0.0/16", "a link-local address"],
  ["224.0.0.0/4", "a multicast address"],
  ["240.0.0.0/4", "a reserved address"],
];

/** A forwarder that asks itself, or the other region's that asks it back, answers SERVFAIL after its last try. */
export const conditionalForwardsAskOthers: TopologyRule = (topology) => {
  const forwarders = stampsOf(topology).flatMap(regionsOf).flatMap(forwardersIn);
  return stampsOf(topology).flatMap(({ at, it }) =>
    placed<ConditionalForward>(it.forwarders?.conditionalForwards, `${at}.forwarders.conditionalForwards`).flatMap(
      (forward) =>
        placed<string>(forward.it.servers, `${forward.at}.servers`).flatMap(({ at: path, it: server }) => {
          const own = forwarders.find(({ address }) => address === server);
          const what = own
            ? `a forwarder of ${own.region}`
            : UNUSABLE.find(([block]) => contains(block, `${server}/32`))?.[1];
          if (what === undefined) return [];
          return [
            {
              path,
              got: `"${server}": ${what}`,
              expected: "a DNS server that answers for the zone itself",
              fix: "name the servers on-premises, or remove the entry",
            },
          ];
        }),
    ),
  );
};

function forwardersIn({ at, it }: Placed<Region>): { address: string; region: string }[] {
  const dnsSubnet = it.hub?.dnsSubnet;
  if (dnsSubnet === undefined) return [];
  return forwarderAddresses({ dnsSubnet }).map((address) => ({ address, region: at }));
}
