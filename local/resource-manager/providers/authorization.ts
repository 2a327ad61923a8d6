import { nameIn } from "../../../azure-facts/arm-ids";
import { BUILT_IN_ROLES, type BuiltInRole } from "../../../azure-facts/built-in-roles";
import { type ArmDocument, propertiesOf, stringOf } from "../../azure/document";
import { guidOf } from "../../azure/guid";
import { badRequest, conflict } from "../arm/fault";
import { sameId } from "../arm/resource-id";
import type { ResourceType, WriteRule } from "../arm/resource-type";

/** The scope exists. */
const onSomething: WriteRule = ({ arm, path }) => {
  if (!path.parent.includes("/providers/") || arm.get(path.parent)) return;
  throw badRequest("ScopeNotFound", `The scope '${path.parent}' of '${path.name}' was not found.`);
};

const hasALevel: WriteRule = ({ body }) => {
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
const principalExists: WriteRule = ({ arm, body }) => {
  if (stringOf(propertiesOf(body), "principalType") !== undefined) return;
  const principalId = stringOf(propertiesOf(body), "principalId") ?? "";
  if (arm.azure.identities.all().some((identity) => sameId(identity.principalId, principalId))) return;
  if ([...arm.azure.signedIn].some((signedIn) => sameId(signedIn, principalId))) return;
  throw badRequest(
    "PrincipalNotFound",
    `Principal ${principalId.replaceAll("-", "")} does not exist in the directory ${arm.settings.tenant}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.`,
  );
};

const roleExists: WriteRule = ({ body }) => {
  const id = stringOf(propertiesOf(body), "roleDefinitionId") ?? "";
  if (roleIn(id)) return;
  throw badRequest(
    "RoleDefinitionDoesNotExist",
    `The specified role definition with ID '${nameIn(id)}' does not exist.`,
  );
};

/** One principal, one role and one scope make one assignment, under any name. */
const onlyOnce: WriteRule = ({ arm, path, body }) => {
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
const neverUpdated: WriteRule = ({ before, path, body }) => {
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
    const { azure, settings } = arm;
    const assignment = assignmentIn(document);
    azure.roleAssignments.put({ ...assignment, holdsFrom: Date.now() + settings.propagationMs });
    // Listeners check the role again, if it still exists.
    setTimeout(() => {
      if (azure.roleAssignments.get(keyOf(assignment))) azure.roleAssignments.put(assignment);
    }, settings.propagationMs).unref();
  },
  removed: ({ azure }, document) => {
    azure.roleAssignments.remove(keyOf(assignmentIn(document)));
  },
};

function keyOf({ principalId, role, scope }: ReturnType<typeof assignmentIn>): string {
  return `${principalId}/${role}/${scope}`;
}

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
      const found = BUILT_IN_ROLES.filter(({ name }) => wanted === undefined || name === wanted);
      return { value: found.map((role) => definitionOf(path.subscription, role)) };
    },
  },
};

function definitionOf(subscription: string, { name, id }: BuiltInRole): ArmDocument {
  return {
    id: roleDefinitionId(subscription, id),
    type: "Microsoft.Authorization/roleDefinitions",
    name: id,
    properties: { roleName: name, type: "BuiltInRole", description: "", assignableScopes: ["/"], permissions: [] },
  };
}

/** The id of a built-in role's definition. */
export function roleDefinitionId(subscription: string, role: string): string {
  const id = BUILT_IN_ROLES.find(({ name }) => name === role)?.id ?? role;
  return `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
}

function roleIn(definitionId: string): BuiltInRole | undefined {
  return BUILT_IN_ROLES.find(({ id }) => sameId(id, nameIn(definitionId)));
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
