import { groupIn, nameIn, subscriptionIn } from "../../azure-facts/arm-ids";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import type { ExistingHub } from "../../synthesized/views/existing-hub";
import { foreignTargetsIn } from "../../synthesized/views/private-endpoint";
import { ownersPartIn } from "../owners/owners-part";
import { type Attribute, block, head, labelOf, list, providerOf, text } from "../owners/hcl";
import { policyOf } from "../owners/firewall-hcl";
import { snippetOf } from "../owners/snippet";

/** What is there before the first stack: the hubs, and a workspace that exists. */
export const BEFORE = "existing-resources";
/** What the hubs' owners add once the networks are there. */
export const AFTER = "owners-part";

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
  const zones = [...new Set(part.zones.flatMap(({ zoneIds }) => zoneIds))];
  const workspaces = existingWorkspacesIn(stacks);
  if (hubs.length + zones.length + workspaces.length + foreignTargetsIn(stacks).length === 0) return stacks;
  const before = written(folder, BEFORE, [], existingResources(hubs, zones, workspaces));
  const networks = [...hubs.map(({ stack }) => stack), ...part.zones.flatMap((each) => each.stacks)];
  const variables = Object.fromEntries(hubs.map(({ networkId }) => [policyOf(networkId), policyBeside(networkId)]));
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
  const file = join(directory, "main.tf");
  writeFileSync(file, `${program}\n`);
  writeFileSync(join(directory, "terraform.tfvars.json"), JSON.stringify(variables));
  return { name, dependencies, directory, file, json: {} };
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
  const groups = new Map(ids.map((id) => [groupLabel(id), id]));
  return [
    ...head(ids),
    ...[...groups].map(([label, id]) =>
      block("azurerm_resource_group", label, [
        ["provider", providerOf(id)],
        ["name", text(groupIn(id))],
        ["location", text(LOCATION)],
      ]),
    ),
    ...networks.map(({ networkId, addressSpaces }) =>
      within("azurerm_virtual_network", networkId, [
        ["location", text(LOCATION)],
        ["address_space", list(addressSpaces)],
      ]),
    ),
    ...networks.map(({ networkId }) =>
      within("azurerm_firewall_policy", policyBeside(networkId), [["location", text(LOCATION)]]),
    ),
    ...zones.map((id) => within("azurerm_private_dns_zone", id, [])),
    ...workspaces.map((id) =>
      within("azurerm_log_analytics_workspace", id, [
        ["location", text(LOCATION)],
        ["sku", text("PerGB2018")],
      ]),
    ),
  ].join("\n\n");
}

/** Where they are does not matter to a rehearsal: a hub's region is not in its id. */
const LOCATION = "eastus2";

/** A resource in its group. */
function within(type: string, armId: string, attributes: readonly Attribute[]): string {
  return block(type, `r_${labelOf(armId)}`, [
    ["provider", providerOf(armId)],
    ["name", text(nameIn(armId))],
    ["resource_group_name", `azurerm_resource_group.${groupLabel(armId)}.name`],
    ...attributes,
  ]);
}

/** The id of a policy in the group of a hub. */
function policyBeside(networkId: string): string {
  const [group = ""] = /^.*\/providers/.exec(networkId) ?? [];
  return `${group}/Microsoft.Network/firewallPolicies/${nameIn(networkId)}-policy`;
}

function groupLabel(armId: string): string {
  return `r_${labelOf(`${subscriptionIn(armId)} ${groupIn(armId)}`)}`;
}
