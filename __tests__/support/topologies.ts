import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Topology, TopologyInput } from "../../topology/schema";
import { validate } from "../../topology/validate";

export type StampInput = TopologyInput["stamps"][number];
export type RegionInput = StampInput["regions"][number];

/** The design document's two regions. What is asserted of the design is asserted of these: topology.ts is the user's. */
export const REFERENCE = join(__dirname, "../../docs/examples/reference.json");

/** A copy of the reference topology to change at will. */
export function referenceInput(): TopologyInput {
  const { $schema: _editors, ...input } = JSON.parse(readFileSync(REFERENCE, "utf8")) as TopologyInput;
  return input;
}

/** The reference topology, changed and validated. */
export function topologyWith(change: (stamp: StampInput, input: TopologyInput) => void = () => undefined): Topology {
  const input = referenceInput();
  change(firstStamp(input), input);
  return validate(input);
}

export function firstStamp(input: TopologyInput): StampInput {
  const [stamp] = input.stamps;
  if (!stamp) throw new Error("The topology has no stamp.");
  return stamp;
}

export function region(stamp: StampInput, index: 0 | 1): RegionInput {
  const found = stamp.regions[index];
  if (!found) throw new Error(`The stamp has no region ${index}.`);
  return found;
}

/** The hub that a region of the reference topology builds. */
export function hubOf(stamp: StampInput, index: 0 | 1): NonNullable<RegionInput["hub"]> {
  const { hub } = region(stamp, index);
  if (!hub) throw new Error(`The region ${index} builds no hub.`);
  return hub;
}

/** The forwarders of the reference topology. */
export function forwardersOf({ forwarders }: StampInput): NonNullable<StampInput["forwarders"]> {
  if (!forwarders) throw new Error("The stamp has no forwarders.");
  return forwarders;
}

export function singleRegion(stamp: StampInput): void {
  stamp.regions.pop();
  delete stamp.pairing;
  const [agents] = stamp.access?.deployAgents ?? [];
  if (stamp.access && agents !== undefined) stamp.access.deployAgents = [agents];
  const [operators] = stamp.access?.operators?.ranges ?? [];
  if (stamp.access && operators !== undefined) stamp.access.operators = { ranges: [operators] };
}

/** Egress through a gateway instead of the firewall. */
export function viaGateway(via: "vpn-gateway" | "expressroute") {
  return (stamp: StampInput): void => {
    stamp.egress =
      via === "vpn-gateway"
        ? { via, onPremises: { addressSpaces: ["192.168.0.0/16"], deviceAddress: "203.0.113.7" } }
        : { via, onPremises: { addressSpaces: ["192.168.0.0/16"] } };
    for (const { hub } of stamp.regions) {
      if (!hub) continue;
      hub.gatewaySubnet = hub.firewallSubnet;
      delete hub.firewallSubnet;
    }
  };
}

/** A second stamp beside the first one, with names and addresses of its own. */
export function secondStamp(input: TopologyInput, name: string, firstNetwork: number): StampInput {
  const stamp = structuredClone(firstStamp(input));
  stamp.name = name;
  stamp.regions.forEach((each, index) => {
    const hub = firstNetwork + 2 * index;
    each.resourceGroups = {
      network: `${name}-${each.resourceGroups.network}`,
      messaging: `${name}-${each.resourceGroups.messaging}`,
      workload: `${name}-${each.resourceGroups.workload}`,
    };
    each.hub = {
      name: "hub-vnet",
      addressSpace: `10.${hub}.0.0/16`,
      firewallSubnet: `10.${hub}.1.0/24`,
      dnsSubnet: `10.${hub}.2.0/24`,
    };
    each.spoke = {
      name: "spoke-vnet",
      addressSpace: `10.${hub + 1}.0.0/16`,
      integrationSubnet: `10.${hub + 1}.1.0/24`,
      workloadSubnet: `10.${hub + 1}.2.0/24`,
    };
    each.serviceBus.namespace = `${name}-${each.serviceBus.namespace}`;
    each.storageAccount = `${name}${index}storage`;
    each.functionApps = { producer: `${name}-producer-${index}`, consumer: `${name}-consumer-${index}` };
  });
  if (stamp.access) {
    const spokes = stamp.regions.map((_, index) => `10.${firstNetwork + 2 * index + 1}`);
    stamp.access.deployAgents = spokes.map((spoke) => `${spoke}.2.128/28`);
    stamp.access.operators = { ranges: spokes.map((spoke) => `${spoke}.2.144/28`) };
  }
  if (stamp.pairing) stamp.pairing.alias = `${name}-${stamp.pairing.alias}`;
  input.stamps.push(stamp);
  return stamp;
}

/** Who works for people on call. */
export const ON_CALL = "12121212-3434-5656-7878-909090909090";

/** Ranges for people on call in each workload subnet, and their rights on every entity. */
export function withOperators(stamp: StampInput): void {
  const operators = { ranges: ["10.1.2.144/28", "10.3.2.144/28"], principals: [{ principalId: ON_CALL }] };
  stamp.access = { ...stamp.access, operators };
}

/**
 * A recovery after a failover from the reference topology's primary.
 *
 * @param namespace another one in its place. @default the former primary is kept
 */
export function recovering(state: "unpaired" | "paired", namespace?: string): (stamp: StampInput) => void {
  return (stamp) => {
    const former = stamp.regions.find(({ location }) => location === stamp.primary);
    const other = stamp.regions.find(({ location }) => location !== stamp.primary);
    if (!former || !other || !stamp.pairing) throw new Error("The topology has no pair.");
    stamp.primary = other.location;
    const partner = namespace === undefined ? "former" : "new";
    stamp.pairing = { ...stamp.pairing, state, recovery: { from: former.serviceBus.namespace, partner } };
    stamp.protection = { ...stamp.protection, locks: false };
    if (namespace !== undefined) former.serviceBus.namespace = namespace;
  };
}

/** Each step of a recovery, by its name. */
export const RECOVERIES = [
  ["in recovery, the former primary kept", recovering("unpaired")],
  ["in recovery, paired with the former primary", recovering("paired")],
  ["in recovery, with a new namespace", recovering("unpaired", "lockdown-pc-eastus2-b")],
  ["in recovery, paired with a new namespace", recovering("paired", "lockdown-pc-eastus2-b")],
] as const;
