import { networkOf } from "../../../azure-facts/arm-ids";
import { addressesOf } from "../../packets/addresses";
import { Intervals } from "../../packets/intervals";
import { bindConfigurationIn } from "../bind-configuration";
import type { AddressRecord, Endpoint, Forwarder, NetworkInterface, Zone, ZoneLink } from "../model";
import {
  bodiesOf,
  bodyOf,
  type Documents,
  itemOf,
  originOf,
  propertiesOf,
  referenceOf,
  stringOf,
  stringsOf,
} from "./documents";

const ZONES = "Microsoft.Network/privateDnsZones";

export function endpointsIn(documents: Documents): Endpoint[] {
  return documents.of("Microsoft.Network/privateEndpoints").map((document) => {
    const properties = propertiesOf(document);
    const [automatic] = bodiesOf(properties, "privateLinkServiceConnections");
    const [manual] = bodiesOf(properties, "manualPrivateLinkServiceConnections");
    const connection = propertiesOf(automatic ?? manual);
    const status = stringOf(bodyOf(connection, "privateLinkServiceConnectionState"), "status");
    const addresses = bodiesOf(properties, "networkInterfaces").flatMap((reference) =>
      bodiesOf(propertiesOf(documents.get(stringOf(reference, "id"))), "ipConfigurations").flatMap(
        (configuration) => stringOf(propertiesOf(configuration), "privateIPAddress") ?? [],
      ),
    );
    return {
      ...itemOf(document),
      subnetId: referenceOf(properties, "subnet") ?? "",
      address: addresses[0] ?? "",
      addresses: Intervals.union(addresses.map(addressesOf)),
      part: stringsOf(connection, "groupIds")[0] ?? "",
      targetId: (stringOf(connection, "privateLinkServiceId") ?? "").toLowerCase(),
      zoneIds: documents
        .below(document, "Microsoft.Network/privateEndpoints/privateDnsZoneGroups")
        .flatMap((group) => bodiesOf(propertiesOf(group), "privateDnsZoneConfigs"))
        .flatMap((config) => stringOf(propertiesOf(config), "privateDnsZoneId")?.toLowerCase() ?? []),
      waitsForApproval: status !== undefined && status !== "Approved",
    };
  });
}

export function zonesIn(documents: Documents): Zone[] {
  return documents
    .of(ZONES)
    .map((document) => ({ ...itemOf(document), name: document.name.toLowerCase(), isDeclared: false }));
}

export function zoneLinksIn(documents: Documents): ZoneLink[] {
  return documents.of(`${ZONES}/virtualNetworkLinks`).map((document) => ({
    ...itemOf(document),
    zoneId: document.id.toLowerCase().replace(/\/virtualnetworklinks\/[^/]+$/, ""),
    networkId: referenceOf(propertiesOf(document), "virtualNetwork") ?? "",
    redirects: stringOf(propertiesOf(document), "resolutionPolicy") === "NxDomainRedirect",
  }));
}

/** Those that an endpoint's zone group wrote are the endpoint's. */
export function recordsIn(documents: Documents, endpoints: readonly Endpoint[]): AddressRecord[] {
  return documents.of(`${ZONES}/A`).flatMap((document) => {
    const zoneId = document.id.toLowerCase().replace(/\/a\/[^/]+$/, "");
    const addresses = bodiesOf(propertiesOf(document), "aRecords").flatMap(
      (record) => stringOf(record, "ipv4Address") ?? [],
    );
    const isEndpoints = endpoints.some(
      (endpoint) =>
        endpoint.zoneIds.includes(zoneId) &&
        addresses.every((address) => addressesOf(address).isWithin(endpoint.addresses)),
    );
    const label = (document.name.split("/").at(-1) ?? "").toLowerCase();
    return isEndpoints ? [] : [{ zoneId, label, addresses, origin: originOf(document.id) }];
  });
}

/** A machine that a run command configures as a DNS server. */
export function forwardersIn(documents: Documents, interfaces: readonly NetworkInterface[]): Forwarder[] {
  return documents.of("Microsoft.Compute/virtualMachines").flatMap((document) => {
    const ids = bodiesOf(bodyOf(propertiesOf(document), "networkProfile"), "networkInterfaces").map((each) =>
      stringOf(each, "id")?.toLowerCase(),
    );
    const own = interfaces.filter(({ id }) => ids.includes(id));
    const [first] = own;
    if (!first) return [];
    const scripts = documents
      .below(document, "Microsoft.Compute/virtualMachines/runCommands")
      .flatMap((command) => stringOf(bodyOf(propertiesOf(command), "source"), "script") ?? []);
    const configuration = scripts.map(bindConfigurationIn).find((each) => each !== undefined);
    return [
      {
        ...itemOf(document),
        networkId: networkOf(first.subnetId),
        addresses: own.map(({ address }) => address),
        ...(configuration ? { configuration } : {}),
        isDeclared: false,
      },
    ];
  });
}
