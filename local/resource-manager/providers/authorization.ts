import { type ArmDocument, propertiesOf, stringOf } from "../../azure/document";
import { guidOf } from "../../azure/guid";
import { badRequest, conflict } from "../arm/fault";
import { nameIn, sameId } from "../arm/resource-id";
import type { ResourceType, Rule } from "../arm/resource-type";

/** The built-in roles that the stacks assign (learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
const ROLES: readonly { readonly name: string; readonly id: string }[] = [
  { name: "Azure Service Bus Data Owner", id: "090c5cfd-751d-490a-894a-3ce6f1109419" },
  { name: "Azure Service Bus Data Receiver", id: "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0" },
  { name: "Azure Service Bus Data Sender", id: "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39" },
  { name: "Monitoring Metrics Publisher", id: "3913510d-42f4-4e42-8a64-420c390055eb" },
  { name: "Storage Blob Data Owner", id: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b" },
  { name: "Storage Queue Data Contributor", id: "974c5e8b-45b9-4653-ba55-5f855dd0fb88" },
  { name: "Storage Table Data Contributor", id: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3" },
];

/** A lock stands on a resource that is there. */
const onSomething: Rule = ({ arm, path }) => {
  if (!path.parent.includes("/providers/") || arm.get(path.parent)) return;
  throw badRequest("ScopeNotFound", `The scope '${path.parent}' of '${path.name}' was not found.`);
};

const hasALevel: Rule = ({ body }) => {
  const level = stringOf(propertiesOf(body), "level") ?? "";
  if (["CanNotDelete", "ReadOnly"].includes(level)) return;
  throw badRequest("InvalidLockLevel", `The lock level '${level}' is not valid: CanNotDelete or ReadOnly.`);
};

const locks: ResourceType = {
  type: "Microsoft.Authorization/locks",
  rules: [onSomething, hasALevel],
};

/**
 * Azure looks a principal up only where the request does not say what kind it is
 * (learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-new-principal-sometimes-fails).
 */
const principalExists: Rule = ({ arm, body }) => {
  if (stringOf(propertiesOf(body), "principalType") !== undefined) return;
  const principalId = stringOf(propertiesOf(body), "principalId") ?? "";
  if (arm.azure.identities.all().some((identity) => sameId(identity.principalId, principalId))) return;
  throw badRequest(
    "PrincipalNotFound",
    `Principal ${principalId.replaceAll("-", "")} does not exist in the directory ${arm.settings.tenant}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.`,
  );
};

const roleExists: Rule = ({ body }) => {
  const id = stringOf(propertiesOf(body), "roleDefinitionId") ?? "";
  if (roleIn(id)) return;
  throw badRequest(
    "RoleDefinitionDoesNotExist",
    `The specified role definition with ID '${nameIn(id)}' does not exist.`,
  );
};

/** One principal, one role and one scope make one assignment, whatever its name. */
const onlyOnce: Rule = ({ arm, path, body }) => {
  const wanted = assignmentKey(path.parent, body);
  const same = arm.azure.documents
    .all()
    .find(
      ({ type, id, ...rest }) =>
        type === ROLE_ASSIGNMENTS && !sameId(id, path.id) && assignmentKey(scopeOf(id), rest) === wanted,
    );
  if (same)
    throw conflict(
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the conflicting role assignment is ${same.name.replaceAll("-", "")}.`,
    );
};

/** Who is assigned what cannot be changed: an assignment is deleted and made anew. */
const neverUpdated: Rule = ({ before, path, body }) => {
  if (!before || assignmentKey(path.parent, before) === assignmentKey(path.parent, body)) return;
  throw conflict(
    "RoleAssignmentUpdateNotPermitted",
    "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
  );
};

const ROLE_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments";

const roleAssignments: ResourceType = {
  type: ROLE_ASSIGNMENTS,
  naming: {
    pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    code: "InvalidRoleAssignmentId",
    says: "it is a GUID",
  },
  rules: [onSomething, roleExists, principalExists, neverUpdated, onlyOnce],
  stored: ({ path, body }) => ({
    ...body,
    properties: { principalType: "ServicePrincipal", ...propertiesOf(body), scope: path.parent },
  }),
  written: (arm, document) => {
    arm.azure.roleAssignments.put({ ...assignmentIn(document), holdsFrom: Date.now() + arm.settings.propagationMs });
    // Whoever waits for the role asks again.
    setTimeout(() => {
      arm.azure.settle();
    }, arm.settings.propagationMs).unref();
  },
  removed: ({ azure }, document) => {
    const { principalId, role, scope } = assignmentIn(document);
    azure.roleAssignments.remove(`${principalId}/${role}/${scope}`);
  },
};

function assignmentIn(document: ArmDocument): { principalId: string; role: string; scope: string } {
  const { principalId, roleDefinitionId } = propertiesOf(document);
  return {
    principalId: String(principalId),
    role: roleIn(String(roleDefinitionId))?.name ?? "",
    scope: scopeOf(document.id),
  };
}

const roleDefinitions: ResourceType = {
  type: "Microsoft.Authorization/roleDefinitions",
  absent: (_arm, { id, subscription }) => {
    const role = roleIn(id);
    return role && definitionOf(subscription, role);
  },
  actions: {
    list: ({ path, body }) => {
      const [, wanted] = /roleName eq '([^']*)'/i.exec(stringOf(body, "$filter") ?? "") ?? [];
      const found = ROLES.filter(({ name }) => wanted === undefined || name === wanted);
      return { value: found.map((role) => definitionOf(path.subscription, role)) };
    },
  },
};

function definitionOf(subscription: string, { name, id }: (typeof ROLES)[number]): ArmDocument {
  return {
    id: roleDefinitionId(subscription, id),
    type: "Microsoft.Authorization/roleDefinitions",
    name: id,
    properties: { roleName: name, type: "BuiltInRole", description: "", assignableScopes: ["/"], permissions: [] },
  };
}

/** The id of a built-in role's definition. */
export function roleDefinitionId(subscription: string, role: string): string {
  const id = ROLES.find(({ name }) => name === role)?.id ?? role;
  return `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
}

function roleIn(definitionId: string): (typeof ROLES)[number] | undefined {
  return ROLES.find(({ id }) => sameId(id, nameIn(definitionId)));
}

function scopeOf(assignmentId: string): string {
  return assignmentId.slice(0, assignmentId.toLowerCase().lastIndexOf("/providers/microsoft.authorization/"));
}

function assignmentKey(scope: string, body: Readonly<Record<string, unknown>>): string {
  const { principalId, roleDefinitionId: role } = propertiesOf(body);
  return [scope, principalId, nameIn(String(role))].join(" ").toLowerCase();
}

/** The name of an assignment that was not made by hand. */
export function assignmentName(scope: string, principalId: string, role: string): string {
  return guidOf(`role assignment ${scope.toLowerCase()} ${principalId} ${role}`);
}

export const AUTHORIZATION: readonly ResourceType[] = [locks, roleAssignments, roleDefinitions];
