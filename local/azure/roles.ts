import { type DataAction, roleAllows } from "../../azure-facts/built-in-roles";
import type { Azure } from "./azure";

/** Whether a role assignment lets the principal do it: on the resource, or on anything around it. */
export function mayDo(azure: Azure, principalId: string, action: DataAction, resourceId: string): boolean {
  const id = `${resourceId.toLowerCase()}/`;
  return azure.roleAssignments
    .all()
    .some(
      (assignment) =>
        assignment.principalId === principalId &&
        (assignment.holdsFrom ?? 0) <= Date.now() &&
        id.startsWith(`${assignment.scope.toLowerCase()}/`) &&
        roleAllows(assignment.role, action),
    );
}
