import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import type { Model } from "./model";
import { appsIn, rolesIn } from "./terraform/apps";
import { strayTranslations, unmodelledIn } from "./terraform/coverage";
import { declaredIn } from "./terraform/declared";
import { firewallsIn } from "./terraform/firewalls";
import { gatewaysIn, onPremisesIn } from "./terraform/gateways";
import { endpointsIn, forwardersIn, recordsIn, zoneLinksIn, zonesIn } from "./terraform/names";
import { movedAliasesIn } from "./terraform/moved-aliases";
import { interfacesIn, networksIn, peeringsIn, subnetsIn } from "./terraform/networks";
import { routeTablesIn } from "./terraform/route-tables";
import { securityGroupsIn } from "./terraform/security-groups";
import { aliasesIn, monitoringIn, servicesIn } from "./terraform/services";
import { ambiguousAddresses } from "./terraform/ambiguous-addresses";

/**
 * The model of a deployment, from all its stacks together.
 *
 * @throws Error with its place, where a value cannot be resolved: nothing is guessed
 */
export function modelFrom(stacks: readonly SynthesizedStack[]): Model {
  const declared = declaredIn(stacks);
  const subnets = subnetsIn(stacks);
  const gateways = gatewaysIn(stacks);
  const apps = appsIn(stacks);
  const firewalls = firewallsIn(stacks, subnets);
  const roles = rolesIn(stacks);
  const services = servicesIn(stacks);
  const aliases = aliasesIn(stacks);
  const [interfaces, endpoints] = [interfacesIn(stacks), endpointsIn(stacks, subnets)];
  const [securityGroups, routeTables] = [securityGroupsIn(stacks), routeTablesIn(stacks)];
  const addressed = { subnets, interfaces, endpoints, securityGroups, routeTables, firewalls };
  return {
    networks: [...networksIn(stacks), ...declared.networks],
    subnets,
    interfaces,
    securityGroups,
    routeTables,
    peerings: [...peeringsIn(stacks), ...declared.peerings],
    firewalls: [...firewalls, ...declared.firewalls],
    gateways,
    endpoints,
    zones: [...zonesIn(stacks), ...declared.zones],
    zoneLinks: [...zoneLinksIn(stacks), ...declared.zoneLinks],
    records: [...recordsIn(stacks), ...declared.records],
    forwarders: [...forwardersIn(stacks), ...declared.forwarders],
    apps,
    services,
    aliases: [...aliases, ...movedAliasesIn(stacks, { apps, roles, services, aliases })],
    roles,
    monitoring: monitoringIn(stacks),
    onPremises: onPremisesIn(stacks, gateways),
    unmodelled: [...unmodelledIn(stacks), ...strayTranslations(firewalls), ...ambiguousAddresses(stacks, addressed)],
  };
}
