import { nameIn } from "../../azure-facts/arm-ids";
import type { Region, Topology } from "../../topology/schema";
import type { DeclaredClaim, Violation } from "../claim";
import { regionParts } from "../declared/region-parts";
import { addressesText, allOf } from "../packets/addresses";
import type { Network } from "../network/model";
import type { Reach } from "../reach/reach";

/** The address plan, and the DNS servers: each forwarder of the hub, so that the loss of one stops nothing. */
export const networksAreAsDeclared: DeclaredClaim = {
  name: "networks-are-as-declared",
  why: "A network or a subnet has other addresses than the rules and the names are written for.",
  needs: "topology",
  check: ({ topology, reach }) =>
    topology.stamps.flatMap((stamp) => stamp.regions.flatMap((region) => differences(stamp, region, reach))),
};

function differences(stamp: Topology["stamps"][number], region: Region, reach: Reach): Violation[] {
  const { spoke, hub } = regionParts(stamp, region, reach);
  const servers = region.existingHub
    ? region.existingHub.dns.servers
    : reach.model.forwarders.filter(({ networkId }) => networkId === hub.id).flatMap(({ addresses }) => addresses);
  const missing = servers.filter((server) => !spoke.dnsServers.includes(server));
  const other = spoke.dnsServers.filter((server) => !servers.includes(server));
  return [
    ...networkDiffers(spoke, region.spoke.addressSpace, reach, {
      "integration-subnet": region.spoke.integrationSubnet,
      "workload-subnet": region.spoke.workloadSubnet,
      ...(region.spoke.monitoringSubnet === undefined ? {} : { "monitoring-subnet": region.spoke.monitoringSubnet }),
    }),
    ...(region.hub
      ? networkDiffers(hub, region.hub.addressSpace, reach, {
          DNSSubnet: region.hub.dnsSubnet,
          ...(region.hub.firewallSubnet === undefined || stamp.egress.via !== "firewall"
            ? {}
            : { AzureFirewallSubnet: region.hub.firewallSubnet }),
          ...(region.hub.gatewaySubnet === undefined || stamp.egress.via === "firewall"
            ? {}
            : { GatewaySubnet: region.hub.gatewaySubnet }),
        })
      : []),
    ...strangePeerings(spoke, hub, reach),
    ...missing.map((server) => ({ what: `${spoke.name} does not ask the forwarder ${server}`, origin: spoke.origin })),
    ...other.map((server) => ({
      what: `${spoke.name} asks ${server}, which is no forwarder of its hub`,
      origin: spoke.origin,
    })),
  ];
}

/** Peerings of a spoke's own that lead elsewhere than to its hub: they go past the hub's filter. */
function strangePeerings(spoke: Network, hub: Network, { model }: Reach): Violation[] {
  return model.peerings
    .filter(({ networkId, remoteId }) => networkId === spoke.id && remoteId !== hub.id)
    .map(({ name, remoteId, origin }) => ({
      what: `${name} of ${spoke.name} leads to ${nameIn(remoteId)}, which is not its hub`,
      origin,
    }));
}

function networkDiffers(
  network: Network,
  space: string,
  reach: Reach,
  subnets: Readonly<Record<string, string>>,
): Violation[] {
  const meant = allOf([space]);
  const made = reach.lookup.subnetsOf(network.id);
  return [
    ...(network.addresses.equals(meant)
      ? []
      : [
          {
            what: `${network.name} has ${addressesText(network.addresses)}, and should have ${space}`,
            origin: network.origin,
          },
        ]),
    ...Object.entries(subnets).flatMap(([name, prefix]) => {
      const subnet = made.find((each) => each.name === name);
      if (!subnet) return [{ what: `${network.name} has no subnet ${name}`, origin: network.origin }];
      return subnet.addresses.equals(allOf([prefix]))
        ? []
        : [
            {
              what: `${name} of ${network.name} has ${subnet.prefixes.join(", ")}, and should have ${prefix}`,
              origin: subnet.origin,
            },
          ];
    }),
    ...made.flatMap((subnet) => {
      const { name, securityGroupId, origin } = subnet;
      const sharing = reach.model.subnets.find(
        (other) => other !== subnet && securityGroupId !== undefined && other.securityGroupId === securityGroupId,
      );
      return sharing
        ? [
            {
              what: `${name} of ${network.name} (${network.location ?? "existing"}) and ${sharing.name} have one security group`,
              origin,
            },
          ]
        : [];
    }),
    ...made
      .filter(({ name }) => !(name in subnets))
      .map(({ name, origin }) => ({ what: `${network.name} has a subnet ${name}, which is not declared`, origin })),
  ];
}
