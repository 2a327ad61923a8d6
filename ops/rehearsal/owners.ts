import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import type { ExistingHub } from "../../synthesized/views/existing-hub";
import { foreignTargetsIn } from "../../synthesized/views/private-endpoint";
import { ownersPartIn } from "../owners/owners-part";
import { snippetOf, text } from "../owners/snippet";
import { groupOf, lastOf, subscriptionOf } from "../owners/tasks";

/** What is there before the first stack: the hubs, and a workspace that exists. */
export const BEFORE = "existing-resources";
/** What the hubs' owners add once the networks are there. */
export const AFTER = "owners-part";

const POLICY = "rehearsal-policy";

/**
 * The part of other owners, as stacks that are taken through Terraform with the topology's own: first what exists, then, after the networks, what `npm run owners --terraform`
 * prints. Nothing where the topology brings nothing of another owner's.
 *
 * @param folder where the two are written
 * @returns the stacks with the two among them, and everything in its order
 */
export function withOwners(stacks: readonly SynthesizedStack[], folder: string): readonly SynthesizedStack[] {
  const part = ownersPartIn(stacks);
  const hubs = part.hubs.map(({ hub }) => hub);
  const zones = [...new Set(part.zones.flatMap((each) => each.zones.zoneIds))];
  const workspaces = existingWorkspacesIn(stacks);
  if (hubs.length + zones.length + workspaces.length + foreignTargetsIn(stacks).length === 0) return stacks;
  const before = written(folder, BEFORE, [], existingResources(hubs, zones, workspaces));
  const networks = [...hubs.map(({ stack }) => stack), ...part.zones.map((each) => each.zones.stack)];
  const variables: Readonly<Record<string, string>> = hubs.length === 0 ? {} : { firewall_policy_id: policyId(hubs) };
  const after =
    networks.length === 0 ? [] : [written(folder, AFTER, [...new Set(networks)], snippetOf(part), variables)];
  const own = stacks.map((stack) => ({ ...stack, dependencies: [...stack.dependencies, BEFORE] }));
  return [before, ...own, ...after];
}

/** A folder that Terraform runs in, as a stack. */
function written(
  folder: string,
  name: string,
  dependencies: readonly string[],
  program: string,
  variables: Readonly<Record<string, string>> = {},
): SynthesizedStack {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "main.tf"), `${program}\n`);
  writeFileSync(join(directory, "terraform.tfvars.json"), JSON.stringify(variables));
  return { name, dependencies, directory, json: {} };
}

function existingWorkspacesIn(stacks: readonly SynthesizedStack[]): string[] {
  const ids = stacks.flatMap(({ json }) =>
    Object.values(json.resource?.azurerm_application_insights ?? {}).map(({ workspace_id: id }) => String(id)),
  );
  const made = stacks.some(({ json }) => json.resource?.azurerm_log_analytics_workspace !== undefined);
  return made ? [] : [...new Set(ids)];
}

/** Hubs, zones and workspaces, as their owners might have made them. */
function existingResources(
  hubs: readonly ExistingHub[],
  zones: readonly string[],
  workspaces: readonly string[],
): string {
  const networks = [...new Map(hubs.map((hub) => [hub.networkId, hub])).values()];
  const ids = [...networks.map(({ networkId }) => networkId), ...zones, ...workspaces];
  const groups = new Map(ids.map((id) => [scopeOf(id), id]));
  const subscriptions = new Set([...groups.values()].map(subscriptionOf));
  return [
    'terraform {\n  required_providers {\n    azurerm = {\n      source  = "hashicorp/azurerm"\n      version = "4.55.0"\n    }\n  }\n}',
    ...[...subscriptions].map(
      (id) =>
        `provider "azurerm" {\n  alias = ${text(aliasOf(id))}\n  subscription_id = ${text(id)}\n  resource_provider_registrations = "none"\n  features {}\n}`,
    ),
    ...[...groups].map(([scope, id]) => resource("azurerm_resource_group", scope, id, [`name = ${text(groupOf(id))}`])),
    ...networks.map(({ networkId, addressSpaces }) =>
      resource("azurerm_virtual_network", labelOf(networkId), networkId, [
        `name = ${text(lastOf(networkId))}`,
        `resource_group_name = azurerm_resource_group.${scopeOf(networkId)}.name`,
        `address_space = ${JSON.stringify(addressSpaces)}`,
      ]),
    ),
    ...networks
      .slice(0, 1)
      .map(({ networkId }) =>
        resource("azurerm_firewall_policy", "policy", networkId, [
          `name = ${text(POLICY)}`,
          `resource_group_name = azurerm_resource_group.${scopeOf(networkId)}.name`,
        ]),
      ),
    ...zones.map((id) =>
      plainResource("azurerm_private_dns_zone", labelOf(id), id, [
        `name = ${text(lastOf(id))}`,
        `resource_group_name = azurerm_resource_group.${scopeOf(id)}.name`,
      ]),
    ),
    ...workspaces.map((id) =>
      resource("azurerm_log_analytics_workspace", labelOf(id), id, [
        `name = ${text(lastOf(id))}`,
        `resource_group_name = azurerm_resource_group.${scopeOf(id)}.name`,
        'sku = "PerGB2018"',
      ]),
    ),
  ].join("\n\n");
}

/** Where they are does not matter to a rehearsal: a hub's region is not in its id. */
const LOCATION = "eastus2";

function resource(type: string, label: string, armId: string, attributes: readonly string[]): string {
  return plainResource(type, label, armId, [`location = ${text(LOCATION)}`, ...attributes]);
}

function plainResource(type: string, label: string, armId: string, attributes: readonly string[]): string {
  const lines = [`provider = azurerm.${aliasOf(subscriptionOf(armId))}`, ...attributes];
  return `resource ${text(type)} ${text(label)} {\n${lines.map((line) => `  ${line}`).join("\n")}\n}`;
}

function policyId(hubs: readonly ExistingHub[]): string {
  const [hub] = hubs;
  const [group = ""] = /^.*\/providers/.exec(hub?.networkId ?? "") ?? [];
  return `${group}/Microsoft.Network/firewallPolicies/${POLICY}`;
}

function aliasOf(subscription: string): string {
  return `s_${subscription.replaceAll("-", "_")}`;
}

function scopeOf(armId: string): string {
  return labelOf(`${subscriptionOf(armId)} ${groupOf(armId)}`);
}

function labelOf(name: string): string {
  return `r_${name.replace(/[^A-Za-z0-9]+/g, "_")}`;
}
