import { endpointBlock, furtherBlock } from "../addresses";
import { contains, overlap } from "../cidr";
import { allRegions, type Draft, placed, stampsOf } from "../draft";
import type { Region } from "../schema";
import type { TopologyRule } from "./topology-rule";

/**
 * Callers, deploy agents and operators are in a workload subnet, in a hub, or beyond: each comes another way, with other rules. A range that is partly here and partly there
 * would get the rules of one of them. The hub's own subnets have no room for them, and the last /28 of the workload subnet is the endpoints'.
 */
export const rangesAreInOnePlace: TopologyRule = (topology) => {
  const networks = allRegions(topology).flatMap(({ at, it }) => blocksOf(at, it));
  return stampsOf(topology)
    .flatMap(({ at, it }) => [
      ...placed<string>(it.access?.callers, `${at}.access.callers`),
      ...placed<string>(it.access?.deployAgents, `${at}.access.deployAgents`),
      ...placed<string>(it.access?.operators?.ranges, `${at}.access.operators.ranges`),
    ])
    .flatMap(({ at: path, it: range }) => {
      const [expected] = networks.flatMap((network) => wrongIn(network, range));
      if (expected === undefined) return [];
      return [{ path, got: `"${range}"`, expected, fix: "name the block of the hosts themselves" }];
    });
};

function wrongIn({ at, cidr, open, taken }: Network, range: string): string[] {
  if (!overlap(cidr, range)) return [];
  if (!contains(open.cidr, range))
    return [`a block within ${open.cidr} (${open.at}), or one that does not overlap ${cidr} (${at})`];
  const wrong = taken.find((each) => overlap(each.cidr, range));
  return wrong ? [`a block that does not overlap ${wrong.cidr} (${wrong.at})`] : [];
}

interface Network {
  readonly at: string;
  readonly cidr: string;
  /** Where in it hosts may be. */
  readonly open: { readonly at: string; readonly cidr: string };
  /** Where not. */
  readonly taken: readonly { readonly at: string; readonly cidr: string }[];
}

function blocksOf(at: string, { hub, spoke, consumers }: Draft<Region>): Network[] {
  const hubSubnets = (["firewallSubnet", "gatewaySubnet", "dnsSubnet"] as const).flatMap((key) => {
    const cidr = hub?.[key];
    return cidr === undefined ? [] : [{ at: `${at}.hub.${key}`, cidr }];
  });
  const workloadSubnet = spoke?.workloadSubnet;
  const own = { at: `${at}.hub.addressSpace`, cidr: hub?.addressSpace };
  return [
    ...(own.cidr === undefined
      ? []
      : [{ at: own.at, cidr: own.cidr, open: { at: own.at, cidr: own.cidr }, taken: hubSubnets }]),
    ...(spoke?.addressSpace === undefined || workloadSubnet === undefined
      ? []
      : [
          {
            at: `${at}.spoke.addressSpace`,
            cidr: spoke.addressSpace,
            open: { at: `${at}.spoke.workloadSubnet`, cidr: workloadSubnet },
            taken: [
              { at: "the private endpoints", cidr: endpointBlock({ spoke: { workloadSubnet } }) },
              ...((consumers ?? []).length > 0
                ? [{ at: "endpoints of further consumers", cidr: furtherBlock({ spoke: { workloadSubnet } }) }]
                : []),
            ],
          },
        ]),
  ];
}
