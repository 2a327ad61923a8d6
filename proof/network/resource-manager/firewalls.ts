import { networkOf } from "../../../azure-facts/arm-ids";
import { ALL_ADDRESSES, addressesOf, allOf, PRIVATE_ADDRESSES } from "../../packets/addresses";
import { Intervals } from "../../packets/intervals";
import { servicesOf } from "../../packets/services";
import type { Firewall, FirewallRule, Gateway, OnPremises, Subnet } from "../model";
import {
  bodiesOf,
  bodyOf,
  type Body,
  type Documents,
  itemOf,
  need,
  originOf,
  propertiesOf,
  referenceOf,
  stringOf,
  stringsOf,
} from "./documents";
import { publicAddressOf } from "./networks";

export function firewallsIn(documents: Documents, subnets: readonly Subnet[]): Firewall[] {
  return documents.of("Microsoft.Network/azureFirewalls").map((document) => {
    const properties = propertiesOf(document);
    const [first] = bodiesOf(properties, "ipConfigurations");
    const configuration = propertiesOf(first);
    const subnetId = referenceOf(configuration, "subnet") ?? "";
    const publicId = referenceOf(configuration, "publicIPAddress");
    const policy = documents.get(referenceOf(properties, "firewallPolicy"));
    const groups = policy ? documents.below(policy, "Microsoft.Network/firewallPolicies/ruleCollectionGroups") : [];
    return {
      ...itemOf(document),
      networkId: networkOf(subnetId),
      address: need(configuration, "privateIPAddress", document),
      ownAddresses: subnets.find(({ id }) => id === subnetId)?.addresses ?? Intervals.none,
      ...(publicId === undefined ? {} : publicAddressOf(documents, publicId)),
      rules: rulesOf(groups),
      rulesOrigin: originOf(groups[0]?.id ?? document.id),
      keepsSenderTo: keptFor(propertiesOf(policy)),
      routesTo: Intervals.none,
      isDeclared: false,
    };
  });
}

function keptFor(policy: Body): Intervals {
  const ranges = stringsOf(bodyOf(policy, "snat"), "privateRanges");
  if (ranges.length === 0) return PRIVATE_ADDRESSES;
  return Intervals.union(
    ranges.map((range) => (range === "IANAPrivateRanges" ? PRIVATE_ADDRESSES : addressesOf(range))),
  );
}

const KINDS = { NatRule: "nat", NetworkRule: "network", ApplicationRule: "application" } as const;

function rulesOf(groups: readonly Body[]): FirewallRule[] {
  const priority = (body: Body) => Number(body.priority ?? propertiesOf(body).priority);
  const byPriority = (one: Body, other: Body) => priority(one) - priority(other);
  const all = [...groups]
    .sort(byPriority)
    .flatMap((group) =>
      [...bodiesOf(propertiesOf(group), "ruleCollections")]
        .sort(byPriority)
        .flatMap((collection) =>
          bodiesOf(collection, "rules").map((rule) => ruleOf(rule, collection, stringOf(group, "id") ?? "")),
        ),
    );
  return (["nat", "network", "application"] as const).flatMap((kind) => all.filter((rule) => rule.kind === kind));
}

function ruleOf(rule: Body, collection: Body, groupId: string): FirewallRule {
  const kind = KINDS[stringOf(rule, "ruleType") as keyof typeof KINDS];
  const hosts = [...stringsOf(rule, "targetFqdns"), ...stringsOf(rule, "destinationFqdns")].map((host) =>
    host.toLowerCase(),
  );
  const name = stringOf(rule, "name") ?? "";
  const destinations = stringsOf(rule, "destinationAddresses");
  const application = bodiesOf(rule, "protocols").map(({ port }) => servicesOf("Tcp", [String(port)]));
  const others = stringsOf(rule, "ipProtocols").map((protocol) =>
    servicesOf(protocol, stringsOf(rule, "destinationPorts")),
  );
  const address = stringOf(rule, "translatedAddress");
  return {
    kind,
    collection: stringOf(collection, "name") ?? "",
    name,
    reason: stringOf(rule, "description") ?? "",
    allows: stringOf(bodyOf(collection, "action"), "type") !== "Deny",
    sources: anyOf(stringsOf(rule, "sourceAddresses")),
    service: Intervals.union(kind === "application" ? application : others),
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(kind === "application" ? {} : { destinations: anyOf(destinations) }),
    ...(address === undefined ? {} : { translatesTo: { address, port: Number(rule.translatedPort) } }),
    origin: originOf(`${groupId}/${name}`),
  };
}

function anyOf(texts: readonly string[]): Intervals {
  return texts.includes("*") ? ALL_ADDRESSES : allOf(texts);
}

export function gatewaysIn(documents: Documents): Gateway[] {
  return documents.of("Microsoft.Network/virtualNetworkGateways").map((document) => {
    const [first] = bodiesOf(propertiesOf(document), "ipConfigurations");
    const subnetId = referenceOf(propertiesOf(first), "subnet") ?? "";
    return {
      ...itemOf(document),
      networkId: networkOf(subnetId),
      subnetId,
      kind: stringOf(propertiesOf(document), "gatewayType") === "ExpressRoute" ? "ExpressRoute" : "Vpn",
    };
  });
}

/** What a VPN gateway leads to. What BGP announces to another one no document shows. */
export function onPremisesIn(documents: Documents, gateways: readonly Gateway[]): OnPremises[] {
  return gateways.map(({ id, name, networkId, kind, origin }) => {
    const site = documents.get(referenceOf(propertiesOf(documents.get(id)), "gatewayDefaultSite"));
    const blocks = stringsOf(bodyOf(propertiesOf(site), "localNetworkAddressSpace"), "addressPrefixes");
    return {
      name: `on-premises behind ${name}`,
      networkId,
      addresses: allOf(blocks),
      prefixes: blocks,
      announcesDefault: kind === "ExpressRoute",
      origin: site ? originOf(site.id) : origin,
    };
  });
}
