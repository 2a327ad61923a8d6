import { RESERVED_AT_END } from "../../../azure-facts/addresses";
import { MONITOR_SCOPE } from "../../../azure-facts/private-monitoring";
import { armId } from "../../../synthesized/arm-id";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { all, type Located, placeOf } from "../../../synthesized/resources";
import { flag, idIn, optionalText, partIn, partOf, partsIn, text } from "../../../synthesized/views/attributes";
import { forwardersIn as machinesIn } from "../../../synthesized/views/forwarder";
import { dnsRecordsIn } from "../../../synthesized/views/dns-record";
import { privateEndpointsIn } from "../../../synthesized/views/private-endpoint";
import { zoneNamed } from "../../../synthesized/views/zone-link";
import { addressesOf, numberOf } from "../../packets/addresses";
import { Intervals } from "../../packets/intervals";
import { type BindConfiguration, bindConfigurationIn } from "../bind-configuration";
import type { AddressRecord, Endpoint, Forwarder, Subnet, Zone, ZoneLink } from "../model";
import { originOf } from "./origins";

export function endpointsIn(stacks: readonly SynthesizedStack[], subnets: readonly Subnet[]): Endpoint[] {
  return privateEndpointsIn(stacks).map(({ resource, id, name, subnetId, address, subresource, targetId, zoneIds }) => {
    const endpoint = partOf(resource);
    return {
      ...{ id, name, subnetId, address, targetId, zoneIds },
      origin: originOf(endpoint),
      addresses: addressesIn(
        subnets.find((subnet) => subnet.id === subnetId),
        { address, part: subresource },
      ),
      part: subresource,
      waitsForApproval: flag(partIn(endpoint, "private_service_connection"), "is_manual_connection", false),
    };
  });
}

/** Azure gives an endpoint to a scope of Azure Monitor as many addresses as the scope has names. */
function addressesIn(subnet: Subnet | undefined, { address, part }: Pick<Endpoint, "address" | "part">): Intervals {
  if (part !== MONITOR_SCOPE.subresource || !subnet) return addressesOf(address);
  const [, last] = subnet.addresses.ranges.at(-1) ?? [0, 0];
  return Intervals.of(numberOf(address), last - RESERVED_AT_END);
}

export function zonesIn(stacks: readonly SynthesizedStack[]): Zone[] {
  return all(stacks, "azurerm_private_dns_zone").map((resource) => {
    const zone = partOf(resource);
    return { id: armId(resource), name: text(zone, "name").toLowerCase(), origin: originOf(zone), isDeclared: false };
  });
}

export function zoneLinksIn(stacks: readonly SynthesizedStack[]): ZoneLink[] {
  return all(stacks, "azurerm_private_dns_zone_virtual_network_link").map((resource) => {
    const link = partOf(resource);
    const zoneId = armId(zoneNamed(resource, resource.block.private_dns_zone_name));
    return {
      id: `${zoneId}/virtualnetworklinks/${text(link, "name").toLowerCase()}`,
      name: text(link, "name"),
      origin: originOf(link),
      zoneId,
      networkId: idIn(link, "virtual_network_id"),
      redirects: optionalText(link, "resolution_policy") === "NxDomainRedirect",
    };
  });
}

export function recordsIn(stacks: readonly SynthesizedStack[]): AddressRecord[] {
  return dnsRecordsIn(stacks).map(({ resource, zoneId, label, addresses }) => ({
    ...{ zoneId, label, addresses },
    origin: originOf(partOf(resource)),
  }));
}

export function forwardersIn(stacks: readonly SynthesizedStack[]): Forwarder[] {
  return machinesIn(stacks).map(({ resource, id, addresses, networkId, script }) => {
    const configuration = script === undefined ? undefined : configurationOf(resource, script);
    const command = all([resource.stack], "azurerm_virtual_machine_run_command")
      .map(partOf)
      .find((each) => idIn(each, "virtual_machine_id") === id);
    return {
      ...{ id, addresses, networkId },
      name: text(partOf(resource), "name"),
      origin: originOf(command ? (partsIn(command, "source")[0] ?? command) : partOf(resource)),
      ...(configuration ? { configuration } : {}),
      isDeclared: false,
    };
  });
}

/** @throws Error that names the forwarder */
function configurationOf(forwarder: Located, script: string): BindConfiguration | undefined {
  try {
    return bindConfigurationIn(script);
  } catch (error) {
    throw new Error(`${placeOf(forwarder)}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
