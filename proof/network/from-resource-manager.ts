import type { Model } from "./model";
import { type ArmDocument, Documents } from "./resource-manager/documents";
import { unmodelledIn } from "./resource-manager/coverage";
import { firewallsIn, gatewaysIn, onPremisesIn } from "./resource-manager/firewalls";
import { endpointsIn, forwardersIn, recordsIn, zoneLinksIn, zonesIn } from "./resource-manager/names";
import {
  interfacesIn,
  networksIn,
  peeringsIn,
  routeTablesIn,
  securityGroupsIn,
  subnetsIn,
} from "./resource-manager/networks";
import { aliasesIn, appsIn, monitoringIn, rolesIn, servicesIn } from "./resource-manager/services";

/** The model of what is deployed, from Resource Manager's documents: every resource that matters, and the resources below it, each by itself. */
export function modelFromResourceManager(all: readonly ArmDocument[]): Model {
  const documents = new Documents(all);
  const subnets = subnetsIn(documents);
  const interfaces = interfacesIn(documents);
  const gateways = gatewaysIn(documents);
  const endpoints = endpointsIn(documents);
  return {
    networks: networksIn(documents),
    subnets,
    interfaces,
    securityGroups: securityGroupsIn(documents),
    routeTables: routeTablesIn(documents),
    peerings: peeringsIn(documents),
    firewalls: firewallsIn(documents, subnets),
    gateways,
    endpoints,
    zones: zonesIn(documents),
    zoneLinks: zoneLinksIn(documents),
    records: recordsIn(documents, endpoints),
    forwarders: forwardersIn(documents, interfaces),
    apps: appsIn(documents),
    services: servicesIn(documents),
    aliases: aliasesIn(documents),
    roles: rolesIn(documents),
    monitoring: monitoringIn(documents),
    onPremises: onPremisesIn(documents, gateways),
    unmodelled: unmodelledIn(all),
  };
}
