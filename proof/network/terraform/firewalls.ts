import { networkOf } from "../../../azure-facts/arm-ids";
import { armId } from "../../../synthesized/arm-id";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { computedAttribute } from "../../../synthesized/computed";
import { all, type Located } from "../../../synthesized/resources";
import {
  idIn,
  number,
  optionalText,
  type Part,
  partOf,
  partsIn,
  someTexts,
  text,
  texts,
} from "../../../synthesized/views/attributes";
import { refuseUnread } from "../../../synthesized/views/firewall-rule";
import { allOf, ALL_ADDRESSES, addressesOf, PRIVATE_ADDRESSES } from "../../packets/addresses";
import { Intervals } from "../../packets/intervals";
import { servicesOf } from "../../packets/services";
import type { Firewall, FirewallRule, Subnet } from "../model";
import { originOf } from "./origins";
import { publicAddressIn } from "./public-addresses";

export function firewallsIn(stacks: readonly SynthesizedStack[], subnets: readonly Subnet[]): Firewall[] {
  const policies = new Map(all(stacks, "azurerm_firewall_policy").map((policy) => [armId(policy), policy]));
  const groups = all(stacks, "azurerm_firewall_policy_rule_collection_group");
  return all(stacks, "azurerm_firewall").map((resource) => {
    const firewall = partOf(resource);
    const [configuration] = partsIn(firewall, "ip_configuration");
    const address = computedAttribute(resource, ["ip_configuration", 0, "private_ip_address"]);
    if (!configuration || address === undefined) throw new Error(`${firewall.path} is in no subnet.`);
    const subnetId = idIn(configuration, "subnet_id");
    const policyId = optionalText(firewall, "firewall_policy_id")?.toLowerCase();
    const policy = policyId === undefined ? undefined : policies.get(policyId);
    return {
      id: armId(resource),
      name: text(firewall, "name"),
      origin: originOf(firewall),
      networkId: networkOf(subnetId),
      address,
      ownAddresses: subnets.find(({ id }) => id === subnetId)?.addresses ?? addressesOf(address),
      ...publicAddressIn(configuration),
      rules: policyId === undefined ? [] : rulesOf(policyId, policies, groups),
      rulesOrigin: originOf(
        groups.map(partOf).find((group) => idIn(group, "firewall_policy_id") === policyId) ?? firewall,
      ),
      keepsSenderTo: policy ? keptFor(partOf(policy)) : PRIVATE_ADDRESSES,
      routesTo: Intervals.none,
      isDeclared: false,
    };
  });
}

/** By default private destinations see the sender (learn.microsoft.com/azure/firewall/snat-private-range). */
function keptFor(policy: Part): Intervals {
  const ranges = texts(policy, "private_ip_ranges");
  if (ranges.length === 0) return PRIVATE_ADDRESSES;
  return Intervals.union(
    ranges.map((range) => (range === "IANAPrivateRanges" ? PRIVATE_ADDRESSES : addressesOf(range))),
  );
}

const KINDS = ["nat", "network", "application"] as const;

/**
 * In the order of their evaluation: NAT rules, then network rules, then application rules; within a kind a parent policy's come first, then groups and collections by
 * their priorities (learn.microsoft.com/azure/firewall/rule-processing).
 */
function rulesOf(policyId: string, policies: ReadonlyMap<string, Located>, groups: readonly Located[]): FirewallRule[] {
  const chain: string[] = [];
  for (let id: string | undefined = policyId; id !== undefined && !chain.includes(id);) {
    chain.unshift(id);
    const policy = policies.get(id);
    id = policy && optionalText(partOf(policy), "base_policy_id")?.toLowerCase();
  }
  const own = chain.flatMap((id) =>
    groups
      .map(partOf)
      .filter((group) => idIn(group, "firewall_policy_id") === id)
      .sort(byPriority),
  );
  return KINDS.flatMap((kind) =>
    own.flatMap((group) =>
      partsIn(group, `${kind}_rule_collection`)
        .sort(byPriority)
        .flatMap((collection) => partsIn(collection, "rule").map((rule) => ruleOf(rule, kind, collection))),
    ),
  );
}

function byPriority(one: Part, other: Part): number {
  return number(one, "priority") - number(other, "priority");
}

/** What clients speak on a port. An application rule of another type denies it there. */
const SPOKEN: Readonly<Record<number, string>> = { 80: "Http", 443: "Https", 1433: "Mssql" };

function spokenOn(protocol: Part): Intervals {
  const [type, port] = [text(protocol, "type"), number(protocol, "port")];
  const spoken = SPOKEN[port] ?? type;
  if (spoken !== type) {
    throw new Error(
      `${protocol.path} is ${type} on port ${port}, where clients speak ${spoken}: what passes then is not modelled.`,
    );
  }
  return servicesOf("Tcp", [String(port)]);
}

function ruleOf(rule: Part, kind: FirewallRule["kind"], collection: Part): FirewallRule {
  refuseUnread(rule);
  const hosts = texts(rule, "destination_fqdns").map((host) => host.toLowerCase());
  const shared = {
    kind,
    collection: text(collection, "name"),
    name: text(rule, "name"),
    reason: optionalText(rule, "description") ?? "",
    allows: text(collection, "action") !== "Deny",
    sources: anyOf(someTexts(rule, "source_addresses"), rule),
    origin: originOf(rule),
  };
  if (kind === "application") {
    const service = Intervals.union(partsIn(rule, "protocols").map(spokenOn));
    return { ...shared, hosts, service };
  }
  const service = Intervals.union(
    texts(rule, "protocols").map((protocol) => servicesOf(protocol, texts(rule, "destination_ports"))),
  );
  if (kind === "nat") {
    return {
      ...shared,
      service,
      destinations: anyOf([text(rule, "destination_address")], rule),
      translatesTo: { address: text(rule, "translated_address"), port: number(rule, "translated_port") },
    };
  }
  if (hosts.length > 0) {
    throw new Error(
      `${rule.path}.destination_fqdns: a network rule reads names by the policy's DNS proxy, which is not modelled.`,
    );
  }
  const addresses = texts(rule, "destination_addresses");
  return {
    ...shared,
    service,
    destinations: addresses.length > 0 ? anyOf(addresses, rule) : Intervals.none,
  };
}

/** @throws Error where a service tag is named: its addresses are not known */
function anyOf(texts: readonly string[], rule: Part): Intervals {
  const tag = texts.find((each) => each !== "*" && !/^\d/.test(each));
  if (tag !== undefined) {
    throw new Error(`${rule.path} names the service tag ${tag}, of which the addresses are not known.`);
  }
  return texts.includes("*") ? ALL_ADDRESSES : allOf(texts);
}
