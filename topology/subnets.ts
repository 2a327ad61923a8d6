import { MONITOR_SCOPE } from "../azure-facts/private-monitoring";
import type { Placed } from "./draft";
import type { Region } from "./schema";

/** A subnet as the topology gives it, and the smallest that Azure takes. */
export interface PlannedSubnet {
  readonly at: string;
  readonly cidr: string;
  readonly vnet: { readonly at: string; readonly cidr: string | undefined };
  /** The longest prefix, and why. */
  readonly longestPrefix: number;
  readonly because: string;
}

/** Every subnet of a region that is there. */
export function subnetsOf({ at, it: { hub, spoke, consumers } }: Placed<Region>): PlannedSubnet[] {
  const inHub = { at: `${at}.hub.addressSpace`, cidr: hub?.addressSpace };
  const inSpoke = { at: `${at}.spoke.addressSpace`, cidr: spoke?.addressSpace };
  const planned = [
    {
      at: `${at}.hub.firewallSubnet`,
      cidr: hub?.firewallSubnet,
      vnet: inHub,
      longestPrefix: 26,
      because: "Azure Firewall scales into it",
    },
    {
      at: `${at}.hub.gatewaySubnet`,
      cidr: hub?.gatewaySubnet,
      vnet: inHub,
      longestPrefix: 27,
      because: "the gateway's instances and room to grow",
    },
    {
      at: `${at}.hub.dnsSubnet`,
      cidr: hub?.dnsSubnet,
      vnet: inHub,
      longestPrefix: 28,
      because: "Azure keeps five addresses",
    },
    {
      at: `${at}.spoke.integrationSubnet`,
      cidr: spoke?.integrationSubnet,
      vnet: inSpoke,
      longestPrefix: 28,
      because: "each worker of the plan takes an address",
    },
    {
      at: `${at}.spoke.workloadSubnet`,
      cidr: spoke?.workloadSubnet,
      vnet: inSpoke,
      ...((consumers ?? []).length > 0
        ? { longestPrefix: 26, because: "its last /27 is for private endpoints, with those of further consumers" }
        : { longestPrefix: 27, because: "its last /28 is for private endpoints, the rest for producers" }),
    },
    {
      at: `${at}.spoke.monitoringSubnet`,
      cidr: spoke?.monitoringSubnet,
      vnet: inSpoke,
      longestPrefix: MONITOR_SCOPE.longestPrefix,
      because: "Azure Monitor's endpoint takes eleven addresses and more",
    },
  ];
  return planned.flatMap(({ cidr, ...rest }) => (cidr === undefined ? [] : [{ cidr, ...rest }]));
}
