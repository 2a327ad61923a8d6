import { packagesOf } from "../../packaging/synthesized-packages";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { all, filled, type Located, textOf } from "../../synthesized/resources";
import { type App, appsIn } from "../../synthesized/views/app";
import { dnsRecordsIn } from "../../synthesized/views/dns-record";
import { forwardersIn } from "../../synthesized/views/forwarder";
import { peeringsIn } from "../../synthesized/views/peering";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { privateScopesIn } from "../../synthesized/views/private-scope";
import { rolesIn } from "../../synthesized/views/role";
import { virtualNetworksIn } from "../../synthesized/views/virtual-network";
import { zoneLinksIn } from "../../synthesized/views/zone-link";
import { attributeOf, connectionString, identityOf, insightsOf } from "./attributes";
import { Azure, type FunctionApp } from "./azure";
import { entitiesOn, namespacesOf } from "./entities";
import { putExisting } from "./existing";
import { forwarderOf } from "./forwarder";
import { putMovedAliases } from "./moved-aliases";

/** The small Azure as it is when every stack is deployed. */
export function azureFrom(stacks: readonly SynthesizedStack[]): Azure {
  const azure = new Azure();
  azure.change(() => {
    putMessaging(azure, stacks);
    putApps(azure, stacks);
    putNetworks(azure, stacks);
    putExisting(azure, stacks);
    putMovedAliases(azure, stacks);
  });
  return azure;
}

function putMessaging(azure: Azure, stacks: readonly SynthesizedStack[]): void {
  for (const namespace of namespacesOf(stacks)) {
    azure.namespaces.put(namespace);
    const entities = entitiesOn(stacks, namespace.id);
    if (entities.queues.length + entities.topics.length > 0) azure.declareEntities(namespace.id, entities);
  }
  for (const pairing of all(stacks, "azurerm_servicebus_namespace_disaster_recovery_config")) {
    azure.pair({
      alias: textOf(pairing, "name"),
      primaryId: textOf(pairing, "primary_namespace_id"),
      partnerId: textOf(pairing, "partner_namespace_id"),
    });
  }
}

function putApps(azure: Azure, stacks: readonly SynthesizedStack[]): void {
  for (const identity of all(stacks, "azurerm_user_assigned_identity")) azure.identities.put(identityOf(identity));
  for (const insights of all(stacks, "azurerm_application_insights")) azure.insights.put(insightsOf(insights));
  for (const { id: scopeId, memberIds } of privateScopesIn(stacks)) {
    for (const memberId of memberIds) azure.scopeMembers.put({ id: `${scopeId} ${memberId}`, scopeId, memberId });
  }
  for (const { identity, principal, name, scope } of rolesIn(stacks)) {
    azure.roleAssignments.put({
      principalId: identity ? identityOf(identity).principalId : principal,
      role: name,
      scope,
    });
  }
  for (const app of appsIn(stacks)) azure.apps.put(functionAppOf(app));
  for (const { siteId, path, hash } of packagesOf(stacks)) azure.packages.put({ siteId, path, hash });
}

function functionAppOf({ resource, identities, insights, settings, ...app }: App): FunctionApp {
  return {
    id: app.id,
    name: app.name,
    location: app.location,
    ...(app.subnetId === undefined ? {} : { subnetId: app.subnetId }),
    settings: {
      ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, deployed(resource, value)])),
      ...(insights ? { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString(insightsOf(insights)) } : {}),
    },
    identityIds: identities.map((identity) => identityOf(identity).id),
    ...(app.authentication ? { authentication: app.authentication } : {}),
  };
}

/** Networks, their peerings, and everything that decides where a name leads. */
function putNetworks(azure: Azure, stacks: readonly SynthesizedStack[]): void {
  for (const { id, dnsServers } of virtualNetworksIn(stacks)) azure.networks.put({ id, dnsServers });
  for (const { id, networkId, remoteId } of peeringsIn(stacks)) azure.peerings.put({ id, networkId, remoteId });
  for (const { id, name, subnetId, address, targetId, zoneIds } of privateEndpointsIn(stacks)) {
    azure.endpoints.put({ id, name, subnetId, address, targetId, zoneIds });
  }
  for (const { id, networkId, addresses, script = "" } of forwardersIn(stacks)) {
    const forwarder = forwarderOf({ id, networkId, addresses }, script);
    if (forwarder) azure.forwarders.put(forwarder);
  }
  for (const { zoneId, label, addresses } of dnsRecordsIn(stacks)) {
    azure.records.put({ id: `${zoneId}/A/${label}`, zoneId, label, addresses });
  }
  for (const { id, zoneId, zone, networkId, redirects } of zoneLinksIn(stacks)) {
    azure.zoneLinks.put({ id, zoneId, zone: zone.toLowerCase(), networkId, redirects });
  }
}

function deployed(resource: Located, value: string): string {
  return filled(resource, value, attributeOf);
}
