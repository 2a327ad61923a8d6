import { nameIn } from "../../azure-facts/arm-ids";
import type { ArmDocument, Body } from "../azure/document";
import type { Arm } from "./arm/arm";
import { parsePath } from "./arm/resource-id";
import { assignmentName, roleDefinitionId } from "./providers/authorization";
import type { ResourceType } from "./arm/resource-type";

/**
 * What the model was loaded with, as Resource Manager would show it had it been written here: namespaces, identities, roles and sites, and the groups they
 * are in. Entities and pairings are shown from the model itself.
 */
export function seed(arm: Arm<ResourceType>): void {
  const { azure } = arm;
  for (const { id, name, location, units = 1, partitions = 1 } of azure.namespaces.all()) {
    write(arm, id, name, {
      location,
      sku: { name: "Premium", tier: "Premium", capacity: units },
      properties: { disableLocalAuth: true, publicNetworkAccess: "Disabled", premiumMessagingPartitions: partitions },
    });
  }
  for (const { id } of azure.identities.all()) write(arm, id, nameIn(id), { properties: {} });
  for (const { principalId, role, scope } of azure.roleAssignments.all()) {
    const name = assignmentName(scope, principalId, role);
    const [, , subscription = ""] = scope.split("/");
    write(arm, `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`, name, {
      properties: { principalId, roleDefinitionId: roleDefinitionId(subscription, role), scope: canonical(arm, scope) },
    });
  }
  for (const { id, name, location, settings, identityIds } of azure.apps.all()) {
    write(arm, id, name, {
      location,
      kind: "functionapp",
      identity: {
        type: "UserAssigned",
        userAssignedIdentities: Object.fromEntries(identityIds.map((identity) => [canonical(arm, identity), {}])),
      },
      properties: {
        publicNetworkAccess: "Disabled",
        siteConfig: { appSettings: Object.entries(settings).map(([setting, value]) => ({ name: setting, value })) },
      },
    });
  }
}

/** As a write would store it, but without asking whether Azure would take it: it is there already. */
function write(arm: Arm<ResourceType>, id: string, name: string, body: Body): void {
  if (arm.azure.documents.get(id)) return;
  const path = parsePath(canonical(arm, id));
  const type = arm.typeOf(path?.type ?? "");
  if (!path || !type) throw new Error(`Resource Manager knows no ${id}.`);
  const group = `/subscriptions/${path.subscription}/resourceGroups/${path.group ?? ""}`;
  if (path.group !== undefined && !arm.get(group)) {
    put(arm, { id: group, name: path.group, type: "Microsoft.Resources/resourceGroups", location: body.location });
  }
  put(arm, { ...(type.stored?.({ arm, path, body }) ?? body), id: path.id, name, type: type.type });
}

function put(arm: Arm<ResourceType>, document: ArmDocument): void {
  const properties = (document.properties ?? {}) as Body;
  arm.azure.documents.put({ ...document, properties: { ...properties, provisioningState: "Succeeded" } });
}

/** With the types' names as Azure writes them: what the stacks compute is in small letters. */
function canonical(arm: Arm<ResourceType>, id: string): string {
  const path = parsePath(id);
  const type = arm.typeOf(path?.type ?? "")?.type;
  const spelled = id.replace(/^\/subscriptions\/([^/]+)\/resourcegroups\//i, "/subscriptions/$1/resourceGroups/");
  if (!path || type === undefined) return spelled;
  const at = spelled.toLowerCase().lastIndexOf("/providers/");
  const [namespace = "", ...types] = type.split("/");
  const [, ...rest] = spelled.slice(at + "/providers/".length).split("/");
  const segments = rest.map((segment, index) => (index % 2 === 0 ? (types[index / 2] ?? segment) : segment));
  const before = spelled.slice(0, at);
  return `${before.includes("/providers/") ? canonical(arm, before) : before}/providers/${[namespace, ...segments].join("/")}`;
}
