import type { Azure } from "./azure";

/** What can be done to data, as far as this design needs to tell apart. */
export type DataAction = "send" | "receive" | "publish-metrics";

/** learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ROLES: Readonly<Record<string, readonly DataAction[]>> = {
  "Azure Service Bus Data Owner": ["send", "receive"],
  "Azure Service Bus Data Receiver": ["receive"],
  "Azure Service Bus Data Sender": ["send"],
  "Monitoring Metrics Publisher": ["publish-metrics"],
};

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
        (ROLES[assignment.role]?.includes(action) ?? false),
    );
}
