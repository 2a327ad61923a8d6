import { packagesOf } from "../../packaging/synthesized-packages";
import { armId } from "../../synthesized/arm-id";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { all, blocks, filled, type Located, placeOf, referred, strings, textOf } from "../../synthesized/resources";
import { attributeOf, connectionString, identityOf, insightsOf } from "./attributes";
import { Azure, type FunctionApp } from "./azure";
import { forwarderOf } from "./forwarder";
import { entitiesOn, namespacesOf } from "./entities";

/** The small Azure as it stands when every stack is deployed. */
export function azureFrom(stacks: readonly SynthesizedStack[]): Azure {
  const azure = new Azure();
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
  for (const identity of all(stacks, "azurerm_user_assigned_identity")) azure.identities.put(identityOf(identity));
  for (const insights of all(stacks, "azurerm_application_insights")) azure.insights.put(insightsOf(insights));
  for (const assignment of all(stacks, "azurerm_role_assignment")) {
    azure.roleAssignments.put({
      principalId: text(assignment, "principal_id"),
      role: textOf(assignment, "role_definition_name"),
      scope: text(assignment, "scope"),
    });
  }
  for (const app of all(stacks, "azurerm_windows_function_app")) azure.apps.put(appOf(app));
  for (const { siteId, path, hash } of packagesOf(stacks)) azure.packages.put({ siteId, path, hash });
  putNames(azure, stacks);
  azure.settle();
  return azure;
}

function appOf(app: Located): FunctionApp {
  const settings = Object.entries((app.block.app_settings ?? {}) as Readonly<Record<string, string>>);
  const [site = {}] = blocks(app.block, "site_config");
  const insights = referred(app, site.application_insights_connection_string);
  const [identity = {}] = blocks(app.block, "identity");
  const [authentication] = blocks(app.block, "auth_settings_v2");
  const [entra] = authentication ? blocks(authentication, "active_directory_v2") : [];
  return {
    id: armId(app),
    name: textOf(app, "name"),
    location: textOf(app, "location"),
    settings: {
      ...Object.fromEntries(settings.map(([name, value]) => [name, filled(app, value, attributeOf)])),
      ...(insights ? { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString(insightsOf(insights)) } : {}),
    },
    identityIds: strings(identity, "identity_ids").map((reference) => filled(app, reference, attributeOf)),
    ...(authentication?.auth_enabled === true && entra
      ? {
          authentication: {
            audiences: strings(entra, "allowed_audiences"),
            ...(entra.allowed_applications === undefined
              ? {}
              : { applications: strings(entra, "allowed_applications") }),
          },
        }
      : {}),
  };
}

/** The records of private endpoints, and the zones that a region's forwarders see. */
function putNames(azure: Azure, stacks: readonly SynthesizedStack[]): void {
  for (const endpoint of all(stacks, "azurerm_private_endpoint")) {
    const [connection = {}] = blocks(endpoint.block, "private_service_connection");
    const [address = {}] = blocks(endpoint.block, "ip_configuration");
    const [group = {}] = blocks(endpoint.block, "private_dns_zone_group");
    azure.endpoints.put({
      name: textOf(endpoint, "name"),
      location: textOf(endpoint, "location"),
      address: String(address.private_ip_address),
      targetId: filled(endpoint, String(connection.private_connection_resource_id), attributeOf),
      zoneIds: strings(group, "private_dns_zone_ids").map((id) => filled(endpoint, id, attributeOf)),
    });
  }
  for (const command of all(stacks, "azurerm_virtual_machine_run_command")) {
    const [source = {}] = blocks(command.block, "source");
    const forwarder = forwarderOf(placeOf(command), textOf(command, "location"), String(source.script));
    if (forwarder) azure.forwarders.put(forwarder);
  }
  for (const link of all(stacks, "azurerm_private_dns_zone_virtual_network_link")) {
    const zone = referred(link, link.block.private_dns_zone_name);
    const vnet = referred(link, link.block.virtual_network_id);
    if (!zone || !vnet) throw new Error(`${placeOf(link)} links what is not in its stack.`);
    azure.zoneLinks.put({
      zoneId: armId(zone),
      networkId: armId(vnet),
      zone: textOf(zone, "name"),
      location: textOf(vnet, "location"),
      asked: strings(vnet.block, "dns_servers").length === 0,
      redirects: link.block.resolution_policy === "NxDomainRedirect",
    });
  }
}

function text(resource: Located, key: string): string {
  return filled(resource, String(resource.block[key]), attributeOf);
}
